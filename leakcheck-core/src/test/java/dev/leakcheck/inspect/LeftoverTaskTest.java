package dev.leakcheck.inspect;

import static dev.leakcheck.inspect.StepsJvm.CLOSED;
import static dev.leakcheck.inspect.StepsJvm.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks in executors that are older than the test, with the agent and without. */
class LeftoverTaskTest {

  private static final String[] REPEATING = {
    "repeats",
    "repeats-in-a-wrapper",
    "repeats-decorated",
    "repeats-in-a-pool-of-its-own-words",
    "repeats-all-the-time",
    "polls"
  };
  private static final String[] OTHERS = {
    "later",
    "later-with-a-result",
    "blocks",
    "cancelled-but-deaf",
    "cancelled-by-a-visitor",
    "queued",
    "executed",
    "executed-later",
    "executed-again",
    "run-by-a-stage",
    "submitted-alone",
    "executed-alone",
    "executed-by-itself"
  };
  private static final String[] CLEAN = {
    "cancelled",
    "cancelled-in-time",
    "cancelled-and-ends-in-time",
    "cancelled-by-a-service",
    "ran",
    "due-in-time",
    "ends-in-time",
    "executed-and-ran",
    "executed-and-ends-in-time",
    "refused",
    "ended-in-its-own-words",
    "service",
    "service-executes",
    "cache",
    "by-others"
  };

  @TempDir private Path directory;

  private List<String> run(boolean agent, String... steps) throws Exception {
    return new StepsJvm(directory, LeftoverTaskChild.class).run(agent, steps);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void taskThatRunsAgainAndAgainInAnOlderExecutorIsFound(boolean agent) throws Exception {
    assumeTrue(agent || !CLOSED, "what is scheduled is read from fields of the JDK's");

    assertThat(run(agent, REPEATING)).containsExactly(each(REPEATING, "[leftover-task]"));
  }

  @Test
  void withAnAgentWhatRunsOnceAndWhatStillRunsIsFoundToo() throws Exception {
    assertThat(run(true, OTHERS)).containsExactly(each(OTHERS, "[leftover-task]"));
  }

  @Test
  void withoutOneItIsLeftAlone() throws Exception {
    assertThat(run(false, OTHERS)).containsExactly(each(OTHERS, "[]"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsCancelledOrRanOrIsSomebodyElsesPasses(boolean agent) throws Exception {
    assertThat(run(agent, CLEAN)).containsExactly(each(CLEAN, "[]"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void chainOfAFixturePasses(boolean agent) throws Exception {
    assertThat(run(agent, "fixture-chain", "beside-a-chain", "ran"))
        .containsExactly("beside-a-chain []", "ran []");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTheFixtureScheduledIsTheClasss(boolean agent) throws Exception {
    assumeTrue(agent || !CLOSED, "what is scheduled is read from fields of the JDK's");

    assertThat(run(agent, "fixture-repeats", "ran", "repeats", "ran", "around"))
        .containsExactly("ran []", "repeats [leftover-task]", "ran []", "around [leftover-task]");
  }

  @Test
  void whereTheJdkKeepsItsFieldsClosedThatIsSaidOnceInTheTestThatFirstHasTheTask()
      throws Exception {
    assumeTrue(CLOSED, "this JDK does not");
    String note =
        "whose tasks are in static field LeftoverTaskChild.SHARED was not seen: from Java 24 on"
            + " that takes the agent";

    // The first has what was there before.
    assertThat(run(false, "notes", "ran", "ran", "repeats", "ran", "around"))
        .containsExactly("ran []", note, "ran []", "repeats []", note, "ran []", "around []");
  }

  @Test
  void messageTellsWhatItIsAndWhereAndWhenAndTheFix() throws Exception {
    assertThat(new StepsJvm(directory, LeftoverTaskChild.class).message("message"))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 task behind (waited T)

            1) leftover-task   2 × a lambda of LeftoverTaskChild run every 10 h in ScheduledThreadPoolExecutor@HASH
                 created at dev.leakcheck.inspect.LeftoverTaskChild.message(LeftoverTaskChild.java:LINE)
                            dev.leakcheck.inspect.LeftoverTaskChild.main(LeftoverTaskChild.java:LINE)
                 executor   ScheduledThreadPoolExecutor@HASH in static field LeftoverTaskChild.SHARED, older than this and not shut down
                 next run   in 2 h
                 why        the executor goes on, and so do the tasks that were given to it: what runs later runs into other tests
                 fix        keep the ScheduledFuture that schedule…() returned, and cancel it when the test or what it tests ends; or schedule in an executor that the test closes
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_TASK, createdBy = "dev.leakcheck.inspect.LeftoverTaskChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N""");
  }
}
