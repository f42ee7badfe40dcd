package dev.leakcheck.inspect;

import static dev.leakcheck.inspect.StepsJvm.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks in fork-join pools that are older than the test, and those of delayed executors. */
class ForkJoinTaskTest {

  private static final String[] LEFT = {
    "submitted",
    "submitted-with-a-result",
    "executed",
    "recursive",
    "run-by-a-stage",
    "goes-on-with-a-stage",
    "queued",
    "delayed",
    "delayed-with-a-result",
    "delayed-without-a-stage"
  };
  private static final String[] SCHEDULED = {"scheduled", "repeats"};
  private static final String[] CLEAN = {
    "ran",
    "ends-in-time",
    "never-done",
    "delayed-and-cancelled",
    "delayed-and-completed",
    "delayed-and-due-in-time",
    "time-limit",
    "default-after-a-time",
    "time-limit-of-what-completed",
    "service"
  };

  @TempDir private Path directory;

  private StepsJvm jvm() {
    return new StepsJvm(directory, ForkJoinTaskChild.class);
  }

  private List<String> run(String... steps) throws Exception {
    return jvm().run(true, steps);
  }

  private String message(String step) throws Exception {
    return jvm()
        .message(step)
        .replaceAll("worker-\\d+", "worker-1")
        .replaceAll("lambda\\$run\\$\\d+", "lambda\\$run\\$0");
  }

  @Test
  void whatStillRunsOrIsYetToRunIsFound() throws Exception {
    assertThat(run(LEFT)).containsExactly(each(LEFT, "[leftover-task]"));
  }

  @Test
  void whatAPoolHasScheduledIsFound() throws Exception {
    assumeTrue(Runtime.version().feature() >= 25, "pools schedule nothing before");

    assertThat(run(SCHEDULED)).containsExactly(each(SCHEDULED, "[leftover-task]"));
  }

  @Test
  void whatRanOrWillDoNothingOrIsSomebodyElsesPasses() throws Exception {
    assertThat(run(CLEAN)).containsExactly(each(CLEAN, "[]"));
  }

  @Test
  void messageTellsTheWorkerAndTheFix() throws Exception {
    assertThat(message("message-of-a-pool"))
        .isEqualTo(
            """
            LeakCheck: message-of-a-pool left 1 task behind (waited T)

            1) leftover-task   a lambda of ForkJoinTaskChild still runs in ForkJoinPool@HASH
                 created at dev.leakcheck.inspect.ForkJoinTaskChild.run(ForkJoinTaskChild.java:LINE)
                            dev.leakcheck.inspect.ForkJoinTaskChild.main(ForkJoinTaskChild.java:LINE)
                 executor   ForkJoinPool@HASH in static field ForkJoinTaskChild.POOL, older than this and not shut down
                 worker     ForkJoinPool-1-worker-1
                 doing      waiting in CountDownLatch.await(), without a time limit
                              at dev.leakcheck.Planted.waitDeaf(Planted.java:LINE)
                              at dev.leakcheck.inspect.ForkJoinTaskChild.lambda$run$0(ForkJoinTaskChild.java:LINE)
                 why        the executor goes on, and so does what was given to it: what still runs goes on beside other tests
                 fix        have the task end before the test does, as by a flag that it looks at; or give the task to an executor that the test closes
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_TASK, createdBy = "dev.leakcheck.inspect.ForkJoinTaskChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N""");
  }

  @Test
  void whatWasGivenToExecuteHasNoFutureToCancel() throws Exception {
    assertThat(message("message-of-a-delay-without-a-stage"))
        .contains(
            "fix        execute() of a delayed executor gives no future to cancel a task by: give it"
                + " to CompletableFuture.runAsync() with that executor, and cancel() what this"
                + " returns when the test or what it tests ends; or schedule in an executor that the"
                + " test closes");
  }

  @Test
  void messageOfADelayTellsWhenItRunsAndThatAStageCanBeCancelled() throws Exception {
    assertThat(message("message-of-a-delay"))
        .isEqualTo(
            """
            LeakCheck: message-of-a-delay left 1 task behind (waited T)

            1) leftover-task   a lambda of ForkJoinTaskChild is yet to run once in CompletableFuture.delayedExecutor(…)
                 created at dev.leakcheck.inspect.ForkJoinTaskChild.run(ForkJoinTaskChild.java:LINE)
                            dev.leakcheck.inspect.ForkJoinTaskChild.main(ForkJoinTaskChild.java:LINE)
                 executor   CompletableFuture.delayedExecutor(…), everybody's
                 next run   in 59 min
                 why        the executor goes on, and so does what was given to it: what runs later runs into other tests
                 fix        a task of a delayed executor does nothing once its CompletableFuture is done: complete or cancel that when the test or what it tests ends; or schedule in an executor that the test closes
                 allow      @AllowLeaks(kind = LeakKind.LEFTOVER_TASK, createdBy = "dev.leakcheck.inspect.ForkJoinTaskChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N""");
  }
}
