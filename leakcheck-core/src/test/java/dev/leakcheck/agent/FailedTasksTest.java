package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.SameOnEveryJdk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent adds to uncaught exceptions: tasks whose future nobody asked, and origins. */
class FailedTasksTest {

  private static final String FAILED = " failed with IllegalStateException: no price";

  @TempDir private Path directory;

  private List<String> run(String arguments, String what) throws Exception {
    return new AgentJvm(directory, FailedTasksChild.class).runWithAgent(arguments, what);
  }

  @Test
  void taskWhoseFutureNobodyAsksIsFound() throws Exception {
    assertThat(run("", "unseen"))
        .containsExactly(
            "submitted: uncaught-exception a submitted task" + FAILED + ";",
            "submitted and dropped: uncaught-exception a submitted task" + FAILED + ";",
            "task of a class of its own: uncaught-exception a submitted task" + FAILED + ";",
            "waited for with isDone: uncaught-exception a submitted task" + FAILED + ";",
            "scheduled: uncaught-exception a submitted task" + FAILED + ";",
            "periodic: uncaught-exception a periodic task" + FAILED + " and will not run again;",
            "three times: uncaught-exception 3 submitted tasks" + FAILED + ";",
            "assertion: uncaught-exception a submitted task failed with AssertionError: expected 1"
                + " but was 2;",
            "in an older pool: uncaught-exception a submitted task" + FAILED + ";",
            "in a pool that another scope told of: uncaught-exception a submitted task"
                + FAILED
                + ";",
            "completion service that nobody asks: uncaught-exception a submitted task"
                + FAILED
                + ";");
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "executors"})
  @SameOnEveryJdk
  void taskIsFoundWhereItIsNotRecordedWhoseAllThreadsAre(String part) throws Exception {
    assertThat(run("=without=" + part, "unseen"))
        .hasSize(11)
        .allMatch(line -> line.contains(": uncaught-exception "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=without=threads", "=without=virtual-threads", "=without=executors"})
  void taskThatHasAThreadOfItsOwnIsFound(String arguments) throws Exception {
    Jdk21.assume();

    assertThat(run(arguments, "threads for tasks"))
        .containsExactly(
            "own: uncaught-exception a submitted task" + FAILED + ";",
            "platform threads: uncaught-exception a submitted task" + FAILED + ";",
            "factory that wraps the task: uncaught-exception a submitted task" + FAILED + ";",
            "asked: passed",
            "given by a thread of the scope: uncaught-exception a submitted task" + FAILED + ";",
            "given by a task: uncaught-exception a submitted task" + FAILED + ";",
            "of the scope around: uncaught-exception a submitted task" + FAILED + ";",
            "scope around: passed",
            "of an older executor: uncaught-exception a submitted task" + FAILED + ";");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=without=threads", "=without=executors"})
  void taskThatSomebodyAsksPasses(String arguments) throws Exception {
    assertThat(run(arguments, "seen")).hasSize(21).allMatch(line -> line.endsWith(": passed"));
  }

  @Test
  @SameOnEveryJdk
  void tasksAreNotSeenIfTheyAreLeftOut() throws Exception {
    assertThat(run("=without=failed-tasks", "unseen"))
        .hasSize(11)
        .allMatch(line -> line.endsWith(": passed"));
  }

  @Test
  void deathIsItsScopesThatStartedTheThread() throws Exception {
    assertThat(run("", "deaths"))
        .containsExactly(
            "thread of the scope: uncaught-exception thread \"planted\" died of"
                + " IllegalStateException: no price;",
            "older thread: passed",
            "worker of the scope around: passed",
            "scope around: uncaught-exception thread \"pool-2-thread-1\" died of"
                + " IllegalStateException: no price;",
            "scope beside: passed",
            "thread beside: passed");
  }

  @Test
  void messageTellsWhereTheTaskWasGivenAwayAndTheThreadStarted() throws Exception {
    assertThat(String.join("\n", run("", "message")))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 uncaught exception behind (waited T)

            1) uncaught-exception   a periodic task failed with IllegalStateException: no price and will not run again
                 given at   dev.leakcheck.agent.FailedTasksChild.periodic(FailedTasksChild.java:LINE)
                            dev.leakcheck.agent.FailedTasksChild.message(FailedTasksChild.java:LINE)
                            dev.leakcheck.agent.FailedTasksChild.main(FailedTasksChild.java:LINE)
                 thrown at  dev.leakcheck.agent.FailedTasksChild.fail(FailedTasksChild.java:LINE)
                 thread     price-scheduler-1
                 why        an exception ends the schedule without a word: the Future keeps it, and nobody asked
                 fix        catch in the task what must not end the schedule; or get() the ScheduledFuture, or cancel() it, where its owner stops
                 allow      @AllowLeaks(kind = LeakKind.UNCAUGHT_EXCEPTION, createdBy = "dev.leakcheck.agent.FailedTasksChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION
            LeakCheck: OrderServiceTest.placesOrder() left 1 uncaught exception behind (waited T)

            1) uncaught-exception   thread "price-poller-1" died of IllegalStateException: no price
                 started at dev.leakcheck.agent.FailedTasksChild.message(FailedTasksChild.java:LINE)
                            dev.leakcheck.agent.FailedTasksChild.main(FailedTasksChild.java:LINE)
                 thrown at  dev.leakcheck.agent.FailedTasksChild.fail(FailedTasksChild.java:LINE)
                 why        the exception left the thread's run(), and no handler was there to see it
                 fix        mend what threw it; or catch it in the thread and let somebody know; if it is meant to fail, give the thread a handler of its own with setUncaughtExceptionHandler(…)
                 allow      @AllowLeaks(kind = LeakKind.UNCAUGHT_EXCEPTION, createdBy = "dev.leakcheck.agent.FailedTasksChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION""");
  }
}
