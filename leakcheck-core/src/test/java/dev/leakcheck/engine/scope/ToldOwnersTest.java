package dev.leakcheck.engine.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a library makes on after a test's check is of the finding that told of its owner. */
class ToldOwnersTest {

  private static final long TEST = 2;
  private static final long CLASS = 1;
  private static final StackTraceElement OPEN =
      new StackTraceElement("org.example.Client", "open", "Client.java", 5);

  private static Finding made(String method, String scope, List<Fact> facts) {
    StackTraceElement caller =
        new StackTraceElement("com.acme.FeedTest", method, "FeedTest.java", 9);
    Maker maker =
        new Maker(OPEN, caller, caller, "org.example.Client", "close", true, Maker.Deed.MAKES);
    return new Finding(
        LeakKind.UNCLOSED_EXECUTOR,
        "Client, not ended",
        facts,
        "close it",
        List.of(),
        List.of(new ExecutorRecord("Pool@1", "Pool", List.of(), null, null)),
        null,
        new Origin.Known(List.of(OPEN, caller), "main", scope, false, maker),
        "1",
        "1");
  }

  private static ToldOwners ofTest() {
    ToldOwners owners = new ToldOwners(10);
    owners.tell(made("reads", "FeedTest.reads()", List.of()), Set.of(), TEST);
    return owners;
  }

  private static List<Finding> ofClass(Finding finding) {
    return ofTest().without(List.of(finding), Set.of(), CLASS, "FeedTest");
  }

  @Test
  void whatWasMadeInATestThatToldOfItsOwnerIsNotToldAgain() {
    assertThat(ofClass(made("reads", "FeedTest.reads()", List.of()))).isEmpty();
  }

  @Test
  void whatAnotherMethodOrTestMadeIsTold() {
    assertThat(ofClass(made("open", "FeedTest.reads()", List.of()))).hasSize(1);
    assertThat(ofClass(made("reads", "FeedTest", List.of()))).hasSize(1);
  }

  @Test
  void whatAFieldHoldsIsTold() {
    List<Fact> held = List.of(Fact.of("held by", "static field FeedTest.client"));

    assertThat(ofClass(made("reads", "FeedTest.reads()", held))).hasSize(1);
  }

  @Test
  void testThatIsRunAgainIsToldAgain() {
    Finding again = made("reads", "FeedTest.reads()", List.of());

    assertThat(ofTest().without(List.of(again), Set.of(), TEST + 1, "FeedTest.reads()")).hasSize(1);
    assertThat(ofTest().without(List.of(again), Set.of(), TEST, "FeedTest.reads()")).hasSize(1);
  }

  private static Finding worker(long id) {
    Finding finding = made("reads", "FeedTest.reads()", List.of());
    ThreadRecord thread =
        new ThreadRecord(
            id,
            "dispatcher-" + id,
            false,
            true,
            Thread.State.WAITING,
            ThreadRecord.PLAIN_TYPE,
            "main",
            List.of(),
            null,
            null);
    return new Finding(
        LeakKind.STRAY_THREAD,
        "a worker runs code of the test's",
        List.of(),
        "let it end",
        List.of(thread),
        List.of(),
        null,
        finding.origin(),
        "2",
        "2");
  }

  @Test
  void whatEachWorkerOfWhatAllShareRunsIsToldWhoeverHadTheWorkersStarted() {
    ToldOwners owners = new ToldOwners(10);
    owners.tell(worker(7), Set.of(7L), TEST);
    List<Finding> made = List.of(made("reads", "FeedTest.reads()", List.of()));

    assertThat(owners.without(made, Set.of(), CLASS, "FeedTest")).hasSize(1);
    assertThat(ofTest().without(List.of(worker(8)), Set.of(8L), CLASS, "FeedTest")).hasSize(1);
    assertThat(ofTest().without(List.of(worker(8)), Set.of(), CLASS, "FeedTest")).isEmpty();
  }
}
