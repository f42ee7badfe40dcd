package dev.leakcheck.proof.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vendor.stuck.CheckedChild;

/** What a check that fails says of the threads that it fails for. */
class HeapProverTest {

  @TempDir private Path directory;

  private String run(String setting, String... leaks) throws Exception {
    return String.join(
        "\n",
        new AgentJvm(directory, CheckedChild.class)
            .run(List.of(setting, "-Dleakcheck.settle=500ms"), leaks));
  }

  @Test
  void theFirstOfABlockIsAskedAndTheNextSaysWhyNot() throws Exception {
    String printed = run("-Dleakcheck.proof=auto", "forgotten", "held");

    assertThat(printed)
        .containsOnlyOnce(
            """
                 proof      nobody alive leads to what could wake it: it is stuck for good
                            whoever was to wake it has ended, has let go of what it waits for, or came before it waited
                            (barring code that lists all threads, a debugger, and native code)
            """
                .indent(0)
                .stripTrailing())
        .contains("answer Proved")
        .contains("whether anybody can still wake the threads was not asked: one heap dump")
        .contains("answer null");
  }

  @Test
  void whoHoldsAThreadIsToldWithThePathAndASleeperIsNotAsked() throws Exception {
    String printed = run("-Dleakcheck.proof=on", "held", "sleep");

    assertThat(printed)
        .contains(
            """
                 proof      it may still be woken, by who has:
                              static field vendor.stuck.CheckedChild.ORDERS   ← let go here
                              LinkedBlockingQueue.notEmpty
            """
                .indent(0)
                .stripTrailing())
        .contains("answer Reachable")
        .contains("answer null")
        .doesNotContain("was not asked");
  }

  @Test
  void onlyWhatNobodyCanWakeIsSaidToBeBlockedForEver() throws Exception {
    assertThat(run("-Dleakcheck.proof=on", "latch", "gate"))
        .contains("thread \"waiter\" blocked for ever in CountDownLatch.await()")
        .contains("thread \"blocked for ever\" blocked in CountDownLatch.await()");
  }

  @Test
  void aCircleWithoutAnyLockIsDrawnAsADeadlockIs() throws Exception {
    assertThat(
            run("-Dleakcheck.proof=on", "circle").replaceAll("\\(?StuckCases.java:\\d+\\)?", "…"))
        .containsPattern(
            """
                 cycle      thread "buyer"
                              is waiting in LinkedBlockingQueue.take\\(\\), which thread "seller" could end
                                at vendor.stuck.CheckedChild.\\S+:\\d+
                            thread "seller"
                              is waiting in CompletableFuture.get\\(\\), which thread "buyer" could end
                                at vendor.stuck.CheckedChild.\\S+:\\d+
                 proof      nobody alive leads to what could wake it: it is stuck for good
                            it waits in a circle of 2 threads
            """
                .indent(0)
                .stripTrailing());
  }

  @Test
  void aDeadlockIsProvedTooAndStaysDrawnWithItsLocks() throws Exception {
    assertThat(run("-Dleakcheck.proof=on", "deadlock"))
        .containsOnlyOnce("     cycle  ")
        .contains("wants ReentrantLock@")
        .contains("it waits in a circle of 2 threads")
        .contains("answer Proved");
  }

  @Test
  void ofAnExecutorAndOfAThreadThatSleepsItIsToldWhoHoldsIt() throws Exception {
    String printed = run("-Dleakcheck.proof=on", "pool", "sleep", "latch");

    assertThat(printed)
        .contains(
            """
                 kept by    static field vendor.stuck.CheckedChild.pool   ← let go here
                 keeps      \
            """
                .indent(0)
                .stripTrailing())
        .contains("why        it waits without a time limit, and nobody alive can end that")
        .containsPattern(
            """
                 kept by    nobody besides itself and its own threads
                 keeps      \\d+ objects that would be garbage without it, about \\d+ (bytes|KB)
            """
                .indent(0)
                .stripTrailing());
  }

  @Test
  void whoOwnsAnExecutorIsAskedWhereNothingElseTells() throws Exception {
    assertThat(run("-Dleakcheck.proof=auto", "pool"))
        .contains(
            "static field CheckedChild.pool keeps it for as long as the JVM lives: if that is meant,"
                + " allow it, or run with the agent, which knows what belongs to a class; else call"
                + " shutdown() on it where it is no longer needed");
  }

  @Test
  void aHeapThatIsTooLargeIsNotDumped() throws Exception {
    assertThat(
            String.join(
                "\n",
                new AgentJvm(directory, CheckedChild.class)
                    .run(
                        List.of(
                            "-Dleakcheck.proof=auto",
                            "-Dleakcheck.proof.heap=100k",
                            "-Dleakcheck.settle=500ms"),
                        "forgotten")))
        .contains("more than 100 KB of the heap live")
        .contains("answer null");
  }

  @Test
  void besideVeryManyThreadsItIsNotAskedUnlessItIsTold() throws Exception {
    assertThat(run("-Dleakcheck.proof=auto", "crowd", "forgotten"))
        .contains("was not asked: more than 2000 platform threads live")
        .contains("answer null");
    assertThat(run("-Dleakcheck.proof=on", "crowd", "forgotten")).contains("answer Proved");
  }

  @Test
  void ofSeveralThreadsOfOneFindingItIsToldWhichAreStuckThoughAnotherIsNot() throws Exception {
    assertThat(run("-Dleakcheck.proof=on", "alike"))
        .containsPattern(
            """
                 proof      it may still be woken, by who has:
                              static field vendor.stuck.CheckedChild.ORDERS   ← let go here
                (?s:.*)
                            but nobody alive leads to what could wake one of them: it is stuck for good \\(worker-1\\)
            """
                .indent(0)
                .stripTrailing());
  }

  @Test
  void ofFindingsOfOneIdTheProofOfEachIsToldThatIsNotTheFirstOnes() throws Exception {
    assertThat(run("-Dleakcheck.proof=on", "unlike"))
        .containsOnlyOnce("nobody alive leads to what could wake it: it is stuck for good")
        .containsPattern("proof      of thread \"(left|right)\"[^\n]*:\n")
        .contains("static field vendor.stuck.CheckedChild.ORDERS   ← let go here");
  }
}
