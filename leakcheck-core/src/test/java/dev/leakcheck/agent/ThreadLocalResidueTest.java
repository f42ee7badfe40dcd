package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Golden;
import dev.leakcheck.SameOnEveryJdk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are left in thread-locals, in a JVM of its own that has the agent. */
class ThreadLocalResidueTest {

  @TempDir private Path directory;

  private List<String> run(String... steps) throws Exception {
    return runWith("", steps);
  }

  private List<String> runWith(String arguments, String... steps) throws Exception {
    return new AgentJvm(directory, SymptomsChild.class).runWithAgent(arguments, steps);
  }

  private static String message(List<String> lines) {
    return Golden.normalise(String.join("\n", lines));
  }

  @Test
  void messageTellsTheThreadLocalOfTheTestsOwnThread() throws Exception {
    assertThat(message(run("local")))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 thread-local value behind (waited T)

            1) thread-local-residue   SymptomsChild.CURRENT keeps a SymptomsChild$Order on thread "main"
                 declared   dev.leakcheck.agent.SymptomsChild.CURRENT
                 thread     main, which runs the test, and those that follow
                 why        the thread goes on: the next task or test on it sees the value, and it is held as long as the thread lives
                 fix        call remove() on the ThreadLocal in a finally block of the code that sets it, or in @AfterEach
                 allow      @AllowLeaks(kind = LeakKind.THREAD_LOCAL_RESIDUE, threadLocal = "dev.leakcheck.agent.SymptomsChild.CURRENT", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION""");
  }

  @Test
  void messageTellsTheThreadLocalOfAnOlderPoolsWorker() throws Exception {
    assertThat(message(run("worker-of-class")))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 thread-local value behind (waited T)

            1) thread-local-residue   SymptomsChild.CURRENT keeps a SymptomsChild$Order on thread "fixture"
                 declared   dev.leakcheck.agent.SymptomsChild.CURRENT
                 thread     fixture, idle, of a pool that outlives the scope
                 why        the thread goes on: the next task or test on it sees the value, and it is held as long as the thread lives
                 fix        call remove() on the ThreadLocal in a finally block of the task that sets it
                 allow      @AllowLeaks(kind = LeakKind.THREAD_LOCAL_RESIDUE, threadLocal = "dev.leakcheck.agent.SymptomsChild.CURRENT", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION""");
  }

  /** One after the other in one JVM. */
  @Test
  void valueThatTheScopePutThereIsFound() throws Exception {
    String[] steps = {
      "local-changed",
      "local-in-no-static",
      "worker-of-nobody",
      "new-worker-of-class",
      "local-begun",
      "local-of-tenant",
      "local-also-given",
      "local-shown"
    };

    assertThat(run(steps))
        .filteredOn(line -> line.equals("nothing") || line.startsWith("1) "))
        .hasSameSizeAs(steps)
        .allMatch(line -> line.startsWith("1) thread-local-residue "));
  }

  /**
   * One after the other in one JVM. What leaves nothing behind comes first; the others have
   * thread-locals of their own, but for the last.
   */
  private static final List<String> REMOVED_OLDER_OR_KEPT_ON_PURPOSE =
      List.of(
          "local-removed",
          "local-of-own-thread",
          "worker-removed",
          "worker-of-own-pool",
          "local-null",
          "local-initial",
          "local-made-on-reading",
          "local-harmless",
          "local-of-flag",
          "local-before");

  @Test
  void whatAWorkerHasThatIsAtWorkIsNotLookedAt() throws Exception {
    assertThat(run("worker-busy"))
        .anyMatch(line -> line.startsWith("1) leftover-task "))
        .noneMatch(line -> line.contains("thread-local-residue"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=without=threads"})
  void whatIsRemovedOlderOrKeptOnPurposePasses(String arguments) throws Exception {
    List<String> steps = REMOVED_OLDER_OR_KEPT_ON_PURPOSE;

    assertThat(runWith(arguments, steps.toArray(new String[0])))
        .hasSameSizeAs(steps)
        .containsOnly("nothing");
  }

  @Test
  @SameOnEveryJdk
  void valueIsFoundWhereThreadsAreNotRecorded() throws Exception {
    assertThat(runWith("=without=threads", "local"))
        .anyMatch(line -> line.startsWith("1) thread-local-residue "));
  }

  @Test
  @SameOnEveryJdk
  void threadLocalThatIsAllowedPassesAndAnotherIsTold() throws Exception {
    assertThat(run("local-allowed"))
        .filteredOn(line -> line.equals("nothing") || line.startsWith("1) "))
        .containsExactly(
            "nothing",
            "1) thread-local-residue   OwnLocals$Session.CURRENT keeps an OwnLocals$Session on"
                + " thread \"main\"");
  }

  @Test
  void newWorkerThatKeepsNothingOfTheTestsPasses() throws Exception {
    assertThat(run("new-worker-removed", "new-worker-of-factory"))
        .containsExactly("nothing", "nothing");
  }

  @Test
  void workerThatServesScopesWhichOverlapIsLeftAlone() throws Exception {
    assertThat(run("worker-beside")).containsExactly("nothing", "nothing");
  }

  @Test
  @SameOnEveryJdk
  void valueIsToldOnce() throws Exception {
    List<String> lines = run("local-twice");

    assertThat(lines).filteredOn(line -> line.contains("thread-local-residue ")).hasSize(1);
    assertThat(lines.subList(lines.size() - 2, lines.size())).containsExactly("nothing", "nothing");
  }

  @Test
  void lookingForTheFieldInitialisesNoClass() throws Exception {
    assertThat(run("local-initialises-nothing"))
        .anyMatch(line -> line.startsWith("1) thread-local-residue "))
        .endsWith("touched false");
  }
}
