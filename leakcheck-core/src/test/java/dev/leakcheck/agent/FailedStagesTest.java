package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exceptions of what {@code CompletableFuture} ran or {@code ForkJoinPool.submit} was given, and
 * that nobody asked for.
 */
class FailedStagesTest {

  private static final String FAILED =
      "uncaught-exception a task of CompletableFuture failed with IllegalStateException: no price;";

  @TempDir private Path directory;

  private List<String> run(String arguments, String what) throws Exception {
    return new AgentJvm(directory, FailedStagesChild.class).runWithAgent(arguments, what);
  }

  @Test
  void stageThatNobodyAsksIsFound() throws Exception {
    assertThat(run("", "unseen"))
        .containsExactly(
            "supplied: " + FAILED,
            "run: " + FAILED,
            "dropped: " + FAILED,
            "wrapped: " + FAILED,
            "twice: uncaught-exception 2 tasks of CompletableFuture failed with"
                + " IllegalStateException: no price;",
            "one of two is asked: " + FAILED,
            "nobody asks what goes on: " + FAILED,
            "nor the last: " + FAILED,
            "nobody asks what combines it: " + FAILED,
            "nor in a pool: " + FAILED,
            "nor what takes the first: " + FAILED,
            "nor all of them: " + FAILED,
            "nor any of them: " + FAILED,
            "what combines two fails: " + FAILED,
            "all are asked, another is not: " + FAILED,
            "what goes on fails: " + FAILED,
            "it fails, another is asked: " + FAILED,
            "it fails, asked is what it goes on with: " + FAILED);
  }

  @Test
  void stageThatSomebodyAsksPassesWithAllThatItGoesOnWith() throws Exception {
    assertThat(run("", "seen")).hasSize(73).allMatch(line -> line.endsWith(": passed"));
  }

  @Test
  void taskOfAForkJoinPoolThatNobodyAsksIsFound() throws Exception {
    String failed =
        "uncaught-exception a submitted task failed with IllegalStateException: no price;";
    assertThat(run("", "unseen tasks"))
        .containsExactly(
            "callable: " + failed,
            "runnable: " + failed,
            "runnable with a result: " + failed,
            "looked whether it is done: " + failed,
            "one of two is asked: " + failed);
  }

  @Test
  void taskOfAForkJoinPoolThatSomebodyAsksPasses() throws Exception {
    assertThat(run("", "seen tasks")).hasSize(15).allMatch(line -> line.endsWith(": passed"));
  }

  /** One is made each time that a virtual thread goes on, in the middle of its being unmounted. */
  @Test
  void whatGoesOnWithAVirtualThreadIsNoTaskOfAnybodys() {
    Jdk21.assume();
    assertThat(HookPoint.ofThisJdk())
        .extracting(HookPoint::typeName)
        .contains("java.util.concurrent.ForkJoinTask$AdaptedRunnable")
        .doesNotContain("java.util.concurrent.ForkJoinTask$AdaptedRunnableAction");
  }

  @Test
  void stagesAreNotSeenIfTheyAreLeftOut() throws Exception {
    assertThat(run("=without=async-stages", "unseen"))
        .hasSize(18)
        .allMatch(line -> line.endsWith(": passed"));
  }

  @Test
  void messageTellsWhoHadItRunAndWhatToDo() throws Exception {
    assertThat(String.join("\n", run("", "message")))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 uncaught exception behind (waited T)

            1) uncaught-exception   a task of CompletableFuture failed with IllegalStateException: no price
                 given at   dev.leakcheck.agent.FailedStagesChild.failed(FailedStagesChild.java:LINE)
                            dev.leakcheck.agent.FailedStagesChild.message(FailedStagesChild.java:LINE)
                            dev.leakcheck.agent.FailedStagesChild.main(FailedStagesChild.java:LINE)
                 thrown at  dev.leakcheck.agent.FailedStagesChild.fail(FailedStagesChild.java:LINE)
                 thread     pool-1-thread-N
                 why        the CompletableFuture keeps the exception: nobody asked it, nor a stage that goes on with it
                 fix        join() it, which throws what the task threw; or say what is to be done with exceptionally(…), handle(…) or whenComplete(…); or catch it in the task
                 allow      @AllowLeaks(kind = LeakKind.UNCAUGHT_EXCEPTION, createdBy = "dev.leakcheck.agent.FailedStagesChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION""");
  }
}
