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

/** Tasks in timers that are older than the test, with the agent and without. */
class TimerTaskTest {

  private static final String[] REPEATING = {
    "repeats", "repeats-at-a-rate", "repeats-all-the-time"
  };
  private static final String[] ONCE = {"later", "blocks", "by-a-task"};
  private static final String[] CLEAN = {
    "cancelled", "cancelled-in-time", "ran", "due-in-time", "refused", "service", "cache", "own"
  };

  @TempDir private Path directory;

  private List<String> run(boolean agent, String... steps) throws Exception {
    return new StepsJvm(directory, TimerTaskChild.class).run(agent, steps);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void taskThatRunsAgainAndAgainInAnOlderTimerIsFound(boolean agent) throws Exception {
    assumeTrue(agent || !CLOSED, "what is scheduled is read from fields of the JDK's");

    assertThat(run(agent, REPEATING)).containsExactly(each(REPEATING, "[leftover-task]"));
  }

  @Test
  void withAnAgentWhatRunsOnceAndWhatStillRunsIsFoundToo() throws Exception {
    assertThat(run(true, ONCE)).containsExactly(each(ONCE, "[leftover-task]"));
  }

  @Test
  void withoutOneItIsLeftAlone() throws Exception {
    assertThat(run(false, ONCE)).containsExactly(each(ONCE, "[]"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsCancelledOrRanOrIsSomebodyElsesPasses(boolean agent) throws Exception {
    assertThat(run(agent, CLEAN)).containsExactly(each(CLEAN, "[]"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTheFixtureScheduledIsTheClasss(boolean agent) throws Exception {
    assumeTrue(agent || !CLOSED, "what is scheduled is read from fields of the JDK's");

    assertThat(run(agent, "fixture-repeats", "ran", "repeats", "ran", "around"))
        .containsExactly("ran []", "repeats [leftover-task]", "ran []", "around [leftover-task]");
  }

  @Test
  void messageTellsWhatItIsAndWhereAndWhenAndTheFix() throws Exception {
    assertThat(new StepsJvm(directory, TimerTaskChild.class).message("message"))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 task behind (waited T)

            1) leftover-task   TimerTaskChild$1 runs every 10 h in Timer "shared"
                 created at dev.leakcheck.inspect.TimerTaskChild.message(TimerTaskChild.java:LINE)
                            dev.leakcheck.inspect.TimerTaskChild.main(TimerTaskChild.java:LINE)
                 timer      Timer "shared" in static field TimerTaskChild.SHARED, older than this and not cancelled
                 next run   in 2 h
                 why        the timer goes on, and so does what was given to it: what runs later runs into other tests
                 fix        keep the TimerTask, and cancel() it when the test or what it tests ends; or schedule in a Timer that the test cancels
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_TASK, createdBy = "dev.leakcheck.inspect.TimerTaskChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N""");
  }
}
