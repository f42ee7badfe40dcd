package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static dev.leakcheck.integration.TestScopes.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Golden;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Scopes;
import dev.leakcheck.capture.threads.ChildProcesses;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.integration.TestScopes;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no sleep to start")
class ChildProcessTest {

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    return process;
  }

  private Process sleeper() throws IOException {
    return start("sleep", "600");
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  @Test
  void processThatRunsOnIsFound() throws Exception {
    LeakScope scope = Scopes.atOnce();
    Process process = sleeper();

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.CHILD_PROCESS);
    assertThat(finding.title()).contains("(pid " + process.pid() + ")");
  }

  @Test
  void briefScopeFindsItAtOnceThoughTheReaperWasIdle() throws Exception {
    end(sleeper()); // leaves a reaper that the next one is handed to
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief());
    sleeper();

    assertThat(scope).hasKinds(LeakKind.CHILD_PROCESS);
  }

  @Test
  void whatWasListedBeforeIsNotTakenForWhatIsThereNow() throws Exception {
    for (int i = 0; i < 20; i++) {
      Set<ProcessHandle> before = ChildProcesses.alive();
      Process process = sleeper();
      assertThat(ChildProcesses.alive()).contains(process.toHandle()).containsAll(before);
      end(process);
      assertThat(ChildProcesses.alive()).doesNotContain(process.toHandle());
    }
  }

  @Test
  void eachProcessIsAFindingOfItsOwn() throws Exception {
    LeakScope scope = Scopes.atOnce();
    sleeper();
    sleeper();

    assertThat(scope).hasKinds(LeakKind.CHILD_PROCESS, LeakKind.CHILD_PROCESS);
  }

  @Test
  void processThatWasEndedPasses() throws Exception {
    LeakScope scope = Scopes.patient();
    end(sleeper());

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void processThatEndsByItselfIsWaitedFor() throws Exception {
    LeakScope scope = Scopes.patient();
    Process process = start("cat"); // until its input ends
    Thread closing =
        new Thread(
            () -> {
              try {
                process.getOutputStream().close();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    closing.start();

    assertThat(scope).hasNoLeaks();
    closing.join();
  }

  @Test
  void processThatTheScopeOpenedWithPasses() throws Exception {
    sleeper();
    LeakScope scope = Scopes.patient();

    assertThat(scope).hasNoLeaks();
    LeakScope brief = LeakCheck.open(Scopes.PATIENT.brief());
    end(sleeper());
    assertThat(brief).hasNoLeaks();
  }

  @Test
  void processOfAPausePassesAndOneFromBeforeIsFound() throws Exception {
    TestScope scope = TestScopes.atOnce();
    Process own = sleeper();
    try (TestScope.Pause pause = scope.pause()) {
      sleeper();
    }

    assertThat(only(scope.findings()).title()).contains("(pid " + own.pid() + ")");
  }

  @Test
  void innerScopeReportsItAndTheOuterOneDoesNotAgain() throws Exception {
    LeakScope outer = Scopes.atOnce();
    LeakScope inner = LeakCheck.open(Scopes.AT_ONCE.within(outer));
    sleeper();

    assertThat(inner).hasKinds(LeakKind.CHILD_PROCESS);
    assertThat(outer).hasNoLeaks();
  }

  @Test
  void otherCodeThatRunsMeanwhileIsNotBlamed() throws Exception {
    TestScope scope = TestScopes.atOnce();
    sleeper();

    assertThat(scope.findingsInFields().list()).isEmpty();
  }

  @Test
  void processesOfOthersAreNoChildren() {
    assertThat(ChildProcesses.alive()).doesNotContain(ProcessHandle.current());
    assertThat(ProcessHandle.current().parent())
        .hasValueSatisfying(parent -> assertThat(ChildProcesses.alive()).doesNotContain(parent));
  }

  @Test
  void itsOwnChildrenAreCounted() throws Exception {
    LeakScope scope = Scopes.atOnce();
    Process shell = start("sh", "-c", "sleep 600 & echo started; wait");
    assertThat(new BufferedReader(new InputStreamReader(shell.getInputStream(), UTF_8)).readLine())
        .isEqualTo("started");

    assertThat(only(scope.findings()).fact("children"))
        .contains("1 process that it started itself: destroy() does not end that");
  }

  @Test
  void messageTellsTheProgramButNotItsArguments() throws Exception {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    start("sleep", "60123");

    assertThat(
            Golden.message(scope)
                .replaceAll("pid \\d+", "pid N")
                .replaceAll("\\) \\S+ \\(pid", ") sleep (pid")
                .replaceAll("for (a moment|\\d+ s)", "for T"))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 child process behind (waited T)

            1) child-process   sleep (pid N), still running
                 running    for T
                 why        a child process outlives the JVM that started it, and keeps its ports, files and memory
                 fix        call destroy() and then waitFor() on the Process where its owner stops, at the latest in @AfterEach, so that it also happens when the test fails
                 allow      @AllowLeaks(kind = LeakKind.CHILD_PROCESS, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
