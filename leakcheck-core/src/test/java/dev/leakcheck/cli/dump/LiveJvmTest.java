package dev.leakcheck.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.JavaCommand;
import dev.leakcheck.Jdk21;
import dev.leakcheck.capture.base.Jdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import vendor.stuck.StuckChild;

/** The command line in a JVM of its own, as only there it may ask another one. */
class LiveJvmTest {

  private final List<Process> started = new ArrayList<>();

  @TempDir Path temporary;

  /** What a command printed, both streams, and its exit code at the end. */
  private String scan(Object... args) throws IOException, InterruptedException {
    return command("scan", args);
  }

  private String command(String name, Object... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("--add-exports=jdk.attach/sun.tools.attach=ALL-UNNAMED");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("dev.leakcheck.cli.Main");
    command.add(name);
    Arrays.stream(args).map(String::valueOf).forEach(command::add);
    Process process = java(command);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output.replace(System.lineSeparator(), "\n") + "exit " + process.exitValue();
  }

  private Process java(List<String> arguments) throws IOException {
    List<String> command = JavaCommand.begin();
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  private long target(String... arguments) throws IOException {
    Process process = java(List.of(arguments));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = in.readLine();
    while (line != null && !line.equals("up")) {
      line = in.readLine();
    }
    assertThat(line).isEqualTo("up");
    return process.pid();
  }

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void aLiveJvmIsAskedWhichOfItsThreadsNobodyCanWake() throws IOException, InterruptedException {
    long pid = target(StuckChild.class.getName(), "stay");

    String output = command("prove", "--top", "99", pid);

    assertThat(output)
        .startsWith("LeakCheck: of ")
        .contains(" that wait without a time limit, 28 are proved stuck for good\n")
        .contains("thread \"!take\"")
        .contains("it waits in a circle of 2 threads\n")
        .contains("static field vendor.stuck.StuckCases.heldThread")
        .endsWith("exit 1");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void aLiveJvmIsAskedForItsThreadsAndLocks() throws IOException, InterruptedException {
    long pid = target(ScanTarget.class.getName());

    String output = scan(pid, "--risk-crash");

    assertThat(output)
        .startsWith("LeakCheck: 1 deadlock among ")
        .contains(" of process " + pid + "\n")
        .contains("1) deadlock   2 threads wait for each other: \"left\", \"right\"\n")
        .contains("ScanTarget.take(ScanTarget.java:")
        .endsWith("exit 1");
    if (Jdk21.AVAILABLE) {
      assertThat(output).contains(" platform, 1 virtual").contains("     1  virtual idle  parked");
    } else {
      assertThat(output).contains("not seen: JDK 17").contains("does not list executors");
    }
    try (var left = Files.list(temporary)) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith("leakcheck")))
          .isEmpty();
    }
  }

  @Test
  void aJvmIsNotAskedForWhatMayBringItDown() throws IOException, InterruptedException {
    assumeTrue(Jdk.DUMPS_NEED_STILLNESS, "the dump of JDK 25 may");
    long pid = target(ScanTarget.class.getName());

    assertThat(scan(pid))
        .startsWith("LeakCheck: 1 deadlock among ")
        .contains("1) deadlock   2 threads wait for each other: \"left\", \"right\"\n")
        .contains(
            "not seen: virtual threads and executors: while virtual threads are at work, a dump that"
                + " lists them may bring a JVM of JDK 25 down (JDK-8364343); --risk-crash takes it"
                + " all the same")
        .doesNotContain("virtual idle")
        .endsWith("exit 1");
  }

  @Test
  void aJvmThatNeverHadAVirtualThreadIsAskedForAll() throws IOException, InterruptedException {
    Jdk21.assume();
    long pid = target(ScanTarget.class.getName(), ScanTarget.NO_VIRTUAL);

    assertThat(scan(pid)).startsWith("LeakCheck: 1 deadlock among ").doesNotContain("not seen");
  }

  @Test
  void aNameThatTheJdkCanNotWriteCostsTheExecutorsOnly() throws IOException, InterruptedException {
    Jdk21.assume();
    long pid = target(ScanTarget.class.getName(), "evil\u001bname");

    assertThat(scan(pid, "--risk-crash"))
        .startsWith("LeakCheck: 1 deadlock among ")
        .contains(
            "not seen: that JVM could not list its executors (a thread is named \"evil\\u001bname\"")
        .endsWith("exit 1");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aJvmThatDoesNotAnswerIsGivenUp() throws Exception {
    long pid = target(ScanTarget.class.getName());
    new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();

    assertThat(scan(pid, "--timeout", 1))
        .isEqualTo(
            "leakcheck: process "
                + pid
                + " did not answer within 1.0 s: it may be stopped or too busy (--timeout gives it"
                + " longer)\nexit 2");
  }

  @Test
  void aJvmThatRefusesIsNotEvenTried() throws IOException, InterruptedException {
    long pid = target("-XX:+DisableAttachMechanism", ScanTarget.class.getName());

    assertThat(scan(pid))
        .isEqualTo(
            "leakcheck: process "
                + pid
                + " was started with -XX:+DisableAttachMechanism: it can't be asked\nexit 2");
  }

  /** The signal that attaches would end it. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aProcessThatIsNoJvmIsLeftAlone() throws IOException, InterruptedException {
    Process other = new ProcessBuilder("sleep", "60").start();
    started.add(other);

    assertThat(scan(other.pid()))
        .startsWith("leakcheck: process " + other.pid() + " is no JVM, but ")
        .endsWith("exit 2");
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void withoutAnAttachModuleOneLineSaysSo() throws IOException, InterruptedException {
    long pid = target(ScanTarget.class.getName());
    Process process =
        java(
            List.of(
                "--limit-modules=java.base,java.management",
                "dev.leakcheck.cli.Main",
                "scan",
                "" + pid));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output.strip())
        .isEqualTo(
            "leakcheck: this Java runtime has no module jdk.attach: run LeakCheck with the java of"
                + " a JDK");
    assertThat(process.waitFor()).isEqualTo(2);
  }
}
