package dev.leakcheck.inspect;

import static dev.leakcheck.inspect.StepsJvm.each;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks in executors that are older than the test, where each gives the next. */
class TaskChainsTest {

  private static final String[] GO_ON = {
    "schedules-itself",
    "executes-another",
    "executes-itself",
    "submits-another",
    "ticks",
    "gives-one-that-blocks",
    "gives-one-for-later",
    "begins-when-the-test-is-over"
  };
  private static final String[] CLEAN = {
    "ends-in-time", "ran-in-time", "gives-one-to-another", "service"
  };

  static Stream<String> goOn() {
    return Arrays.stream(GO_ON);
  }

  @TempDir private Path directory;

  private List<String> run(boolean agent, String... steps) throws Exception {
    return new StepsJvm(directory, TaskChainsChild.class).run(agent, steps);
  }

  @ParameterizedTest
  @MethodSource("goOn")
  void withAnAgentTheClassTellsOfTheChainAndNobodyDoesAgain(String step) throws Exception {
    assertThat(run(true, step, "nothing"))
        .containsExactly(step + " [] [leftover-task]", "nothing [] []");
  }

  @Test
  void withoutOneItIsLeftAlone() throws Exception {
    assertThat(run(false, GO_ON)).containsExactly(each(GO_ON, "[] []"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void chainThatEndsOrIsSomebodyElsesPasses(boolean agent) throws Exception {
    assertThat(run(agent, CLEAN)).containsExactly(each(CLEAN, "[] []"));
  }

  @Test
  void messageTellsWhereTheFirstWasGivenAndHowToEndIt() throws Exception {
    assertThat(
            new StepsJvm(directory, TaskChainsChild.class)
                .message("message")
                .replaceAll("next run   .*", "next run   SOON"))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest left 1 task behind (waited T)

            1) leftover-task   TaskChainsChild$Link is followed by another each time it runs in ScheduledThreadPoolExecutor@HASH
                 created at dev.leakcheck.inspect.TaskChainsChild.start(TaskChainsChild.java:LINE)
                            dev.leakcheck.inspect.TaskChainsChild.run(TaskChainsChild.java:LINE)
                            dev.leakcheck.inspect.TaskChainsChild.main(TaskChainsChild.java:LINE)
                 created in OrderServiceTest.placesOrder()
                 executor   ScheduledThreadPoolExecutor@HASH in static field TaskChainsChild.SHARED, older than this and not shut down
                 next run   SOON
                 why        the executor goes on, and so does what was given to it: what runs later runs into other tests
                 fix        have it give no other once the test or what it tests ends, as by a flag that it looks at, and cancel the one that waits; or give it to an executor that the test closes
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_TASK, createdBy = "dev.leakcheck.inspect.TaskChainsChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N""");
  }
}
