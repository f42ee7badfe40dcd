package dev.leakcheck.cli.reports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupTest {

  private static Leak leak(String title, String... proof) {
    Leak bare =
        new Leak(
            Instant.EPOCH,
            "OrderTest.places()",
            Level.METHOD,
            "com.acme.OrderTest",
            "places()",
            "f",
            LeakKind.STUCK_ON_QUEUE,
            title,
            Verdict.NEW,
            null,
            List.of(),
            "end it",
            "all of it",
            List.of(),
            null,
            List.of(),
            0,
            null,
            null);
    return proof.length == 0
        ? bare
        : new LeakCopy(bare).facts(List.of(new Fact("proof", List.of(proof)))).leak();
  }

  private static Group group(Leak... leaks) {
    return new Group(
        "f",
        LeakKind.STUCK_ON_QUEUE,
        Arrays.stream(leaks).map(leak -> new Occurrence("jvm", leak)).toList());
  }

  @Test
  void whatWasProvedOfOthersIsToldWhereItIsNotThatOfTheOneThatIsShown() {
    Leak stuck = leak("buyer waits", "it is stuck for good");
    Leak held = leak("seller waits", "it may still be woken, by who has:", "  static field A.b");

    assertThat(group(stuck, held, stuck, leak("clerk waits")).otherProofs(stuck))
        .containsExactly(
            "proof of seller waits:",
            "  it may still be woken, by who has:",
            "    static field A.b");
  }

  @Test
  void whatIsTheSameOrWasNotAskedIsNotTold() {
    Leak stuck = leak("buyer waits", "it is stuck for good");

    assertThat(group(stuck, leak("seller waits", "it is stuck for good"), leak("clerk waits")))
        .returns(List.of(), each -> each.otherProofs(stuck));
  }

  @Test
  void ofManyProofsAFewAreTold() {
    Leak first = leak("w0", "p0");
    Group group =
        group(
            first,
            leak("w1", "p1"),
            leak("w2", "p2"),
            leak("w3", "p3"),
            leak("w4", "p4"),
            leak("w5", "p5"));

    assertThat(group.otherProofs(first)).hasSize(8);
  }
}
