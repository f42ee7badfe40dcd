package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Golden;
import dev.leakcheck.SameOnEveryJdk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Child processes and shutdown hooks, in a JVM of its own that has the agent. */
class ProcessesAndHooksTest {

  @TempDir private Path directory;

  private List<String> run(String arguments, String... steps) throws Exception {
    return new AgentJvm(directory, SymptomsChild.class).runWithAgent(arguments, steps);
  }

  private static String message(List<String> lines) {
    return Golden.normalise(String.join("\n", lines))
        .replaceAll("pid \\d+", "pid N")
        .replaceAll("\\) \\S+ \\(pid", ") sleep (pid")
        .replaceAll("for (a moment|\\d+ s)", "for T");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void messageTellsWhereTheProcessWasStarted() throws Exception {
    assertThat(message(run("", "process")))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 child process behind (waited T)

            1) child-process   sleep (pid N), still running
                 started at dev.leakcheck.agent.SymptomsChild.start(SymptomsChild.java:LINE)
                            dev.leakcheck.agent.SymptomsChild.lambda$main$N(SymptomsChild.java:LINE)
                            dev.leakcheck.agent.SymptomsChild.print(SymptomsChild.java:LINE)
                            dev.leakcheck.agent.SymptomsChild.main(SymptomsChild.java:LINE)
                 running    for T
                 why        a child process outlives the JVM that started it, and keeps its ports, files and memory
                 fix        call destroy() and then waitFor() on the Process where its owner stops, at the latest in @AfterEach, so that it also happens when the test fails
                 allow      @AllowLeaks(kind = LeakKind.CHILD_PROCESS, createdBy = "dev.leakcheck.agent.SymptomsChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION""");
  }

  @Test
  void messageTellsTheHookAndWhereItWasAdded() throws Exception {
    assertThat(message(run("", "hook")))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 shutdown hook behind (waited T)

            1) shutdown-hook   shutdown hook "close-orders-3", still registered
                 added at   dev.leakcheck.agent.SymptomsChild.hook(SymptomsChild.java:LINE)
                            dev.leakcheck.agent.SymptomsChild.lambda$main$N(SymptomsChild.java:LINE)
                            dev.leakcheck.agent.SymptomsChild.print(SymptomsChild.java:LINE)
                            dev.leakcheck.agent.SymptomsChild.main(SymptomsChild.java:LINE)
                 hook       a java.lang.Thread, to be started when the JVM ends
                 why        the JVM holds a hook, and all that it refers to, until it ends: each test that adds one adds to that
                 fix        call Runtime.getRuntime().removeShutdownHook(hook) with the same Thread where the owner of what the hook closes is closed
                 allow      @AllowLeaks(kind = LeakKind.SHUTDOWN_HOOK, createdBy = "dev.leakcheck.agent.SymptomsChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION""");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void processThatEndedOrIsAnotherScopesPasses() throws Exception {
    assertThat(run("", "process-ended", "process-of-outer", "process-refused"))
        .containsExactly("nothing", "nothing", "nothing");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void processIsFoundThoughItsObjectIsLost() throws Exception {
    assertThat(run("", "process-lost")).anyMatch(line -> line.startsWith("1) child-process "));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void processOfAScopeBesideIsThatScopes() throws Exception {
    List<String> lines = run("", "process-of-other-thread");

    assertThat(lines.get(0)).isEqualTo("nothing");
    assertThat(lines).anyMatch(line -> line.startsWith("1) child-process "));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  @SameOnEveryJdk
  void processIsFoundWithoutItsHook() throws Exception {
    assertThat(run("=without=processes", "process"))
        .anyMatch(line -> line.startsWith("1) child-process "))
        .noneMatch(line -> line.contains("started at"))
        .contains("not seen: processes are not recorded: the agent was told to leave them out");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  @SameOnEveryJdk
  void processOfAScopeBesideIsNotThisScopesWhereProcessesAreNotRecorded() throws Exception {
    assertThat(run("=without=processes", "process-of-other-thread").get(0)).isEqualTo("nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"threads", "executors"})
  @DisabledOnOs(OS.WINDOWS)
  @SameOnEveryJdk
  void processIsToldWithItsLineWhereItIsNotRecordedWhoseAllThreadsAre(String part)
      throws Exception {
    assertThat(run("=without=" + part, "process-of-outer", "process"))
        .startsWith("nothing")
        .anyMatch(line -> line.startsWith("1) child-process "))
        .anyMatch(line -> line.contains("started at"))
        .contains("not seen: " + part + " are not recorded: the agent was told to leave them out");
  }

  /** One after the other in one JVM: the hooks that stay are of what only happens once. */
  @Test
  void hookThatWasRemovedOrIsAnothersPasses() throws Exception {
    String[] steps = {
      "hook-removed", "hook-refused", "hook-of-outer", "hook-of-initializer", "hook-of-jdk"
    };

    assertThat(run("", steps)).hasSameSizeAs(steps).containsOnly("nothing");
  }

  @Test
  void hookIsFoundThoughTheTestLostIt() throws Exception {
    assertThat(run("", "hook-lost")).anyMatch(line -> line.startsWith("1) shutdown-hook "));
  }

  @Test
  @SameOnEveryJdk
  void hookIsToldOnce() throws Exception {
    List<String> lines = run("", "hook-twice");

    assertThat(lines).filteredOn(line -> line.contains("shutdown-hook ")).hasSize(1);
    assertThat(lines.get(lines.size() - 1)).isEqualTo("nothing");
  }

  @Test
  @SameOnEveryJdk
  void hookIsNotSeenWhereItsPartIsLeftOut() throws Exception {
    assertThat(run("=without=shutdown-hooks", "hook")).containsExactly("nothing");
  }
}
