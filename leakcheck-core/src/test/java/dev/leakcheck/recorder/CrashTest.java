package dev.leakcheck.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.leakcheck.JavaCommand;
import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.agent.AgentJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs of their own that end in all the ways there are. */
@SameOnEveryJdk
class CrashTest {

  @TempDir private Path directory;

  private Path reports() {
    return directory.resolve("reports");
  }

  private Process start(List<String> flags, String... steps) throws IOException {
    List<String> command = JavaCommand.begin();
    command.add("-Dleakcheck.report.dir=" + reports());
    command.addAll(flags); // the later of two counts
    command.add(ReportChild.class.getName());
    command.addAll(Arrays.asList(steps));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out.txt").toFile())
        .start();
  }

  private void run(int exit, String... steps) throws Exception {
    run(exit, List.of(), steps);
  }

  private void run(int exit, List<String> flags, String... steps) throws Exception {
    Process child = start(flags, steps);
    boolean ended = child.waitFor(2, TimeUnit.MINUTES);
    if (!ended) {
      child.destroyForcibly().waitFor();
    }
    assertThat(child.exitValue()).as(output()).isEqualTo(exit);
  }

  private String output() throws IOException {
    return Files.readString(directory.resolve("out.txt"));
  }

  private List<String> written() {
    List<String> lines = Recorders.lines(reports());
    assertThat(ReportSchema.complaints(lines)).isEmpty();
    return Recorders.shortly(lines);
  }

  @Test
  void jvmThatEndsHasItsEnd() throws Exception {
    run(0, "clean", "leak", "clean");

    assertThat(written())
        .containsExactly(
            "jvm",
            "check clean",
            "check leaking",
            "leak leaking",
            "lifetime",
            "check clean",
            "lifetime",
            "end");
    assertThat(Recorders.lines(reports()).get(6)).contains("\"alive\":true");
    assertThat(Recorders.lines(reports()).get(7)).contains("\"checks\":3");
  }

  @Test
  void jvmThatExitsHasItsEnd() throws Exception {
    run(0, "clean", "clean", "exit");

    assertThat(written()).containsExactly("jvm", "check clean", "check clean", "end");
  }

  @Test
  void jvmThatExitsInTheMiddleOfAScopeHasNoEnd() throws Exception {
    run(0, "clean", "leak", "exit within");

    assertThat(written())
        .containsExactly(
            "jvm", "check clean", "check leaking", "leak leaking", "lifetime", "lifetime");
  }

  @Test
  void jvmThatExitsWhileTestsRunHasNoEnd() throws Exception {
    run(0, "clean", "tests begin", "exit");

    assertThat(written()).containsExactly("jvm", "check clean");
  }

  @Test
  void jvmThatExitsWhenAllTestsWereRunHasItsEnd() throws Exception {
    run(0, "tests begin", "clean", "tests end", "exit");

    assertThat(written()).containsExactly("jvm", "check clean", "end");
  }

  @Test
  void scopesThatNobodyEndsAfterTheirCheckAndTheProcessBaselineLeaveItsEnd() throws Exception {
    run(0, "checked and left open", "process", "clean", "exit");

    assertThat(written()).containsExactly("jvm", "check clean", "end");
  }

  @Test
  void jvmThatHaltsLeavesTheLeakAndAllBeforeIt() throws Exception {
    run(3, "clean", "clean", "leak", "halt");

    assertThat(written())
        .containsExactly(
            "jvm", "check clean", "check clean", "check leaking", "leak leaking", "lifetime");
  }

  @Test
  void jvmThatIsKilledLeavesTheLeakAndAllBeforeIt() throws Exception {
    Process child = start(List.of(), "clean", "leak", "hang");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!output().contains("hangs") && child.isAlive() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    child.destroyForcibly().waitFor();

    assertThat(output()).contains("hangs");
    assertThat(written())
        .containsExactly("jvm", "check clean", "check leaking", "leak leaking", "lifetime");
  }

  @Test
  void hostileNameOfAThreadGivesALineOfJson() throws Exception {
    run(0, "hostile");

    assertThat(written())
        .containsExactly("jvm", "check hostile", "leak hostile", "lifetime", "lifetime", "end");
    String name =
        new ObjectMapper()
            .readTree(Recorders.lines(reports()).get(2))
            .at("/threads/0/name")
            .textValue();
    // Some JDKs cannot give a thread half of a character for a name.
    assertThat(name.replaceAll("[\ufffd?]+", "?"))
        .isEqualTo(ReportChild.HOSTILE.replace('\ud800', '?'));
  }

  @Test
  void twoJvmsInOneDirectoryHaveAReportEach() throws Exception {
    Process one = start(List.of(), "leak", "clean");
    Process other = start(List.of(), "leak", "clean");
    assertThat(one.waitFor(2, TimeUnit.MINUTES) & other.waitFor(2, TimeUnit.MINUTES)).isTrue();

    assertThat(Recorders.files(reports())).hasSize(2);
    for (Path report : Recorders.files(reports())) {
      assertThat(Recorders.shortly(Files.readAllLines(report))).startsWith("jvm").endsWith("end");
    }
  }

  @Test
  void directoryThatCannotBeWrittenFailsNothing() throws Exception {
    Files.createFile(directory.resolve("file"));
    run(0, List.of("-Dleakcheck.report.dir=" + directory.resolve("file/sub")), "clean");

    assertThat(reports()).doesNotExist();
  }

  @Test
  void fileForADirectoryIsAnError() throws Exception {
    Files.createFile(reports());
    run(1, "clean");

    assertThat(output()).contains("leakcheck.report.dir is '" + reports() + "', which is a file");
  }

  /** The report's own shutdown hook is made in the inner scope, while the outer one is open. */
  @Test
  void nothingThatTheReportMakesIsAccusedEvenWithTheAgent() throws Exception {
    String agent = AgentJvm.option(directory);
    run(0, List.of(agent), "hook", "clean");

    assertThat(output()).doesNotContain("left");
    assertThat(written())
        .containsExactly("jvm", "check inner", "check with a report in it", "check clean", "end");
    assertThat(Recorders.lines(reports()).get(0)).contains("\"agent\":true");
  }
}
