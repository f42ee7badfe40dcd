package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.dump.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DumpCommandsTest {

  @TempDir Path directory;

  private static String golden(String name) throws IOException {
    return Files.readString(Samples.path(name), StandardCharsets.UTF_8);
  }

  private static Cli scan(String sample, Object... more) {
    Object[] args = new Object[3 + more.length];
    args[0] = "scan";
    args[1] = "--dump";
    args[2] = Samples.path(sample);
    System.arraycopy(more, 0, args, 3, more.length);
    return Cli.run(args);
  }

  /** Where the samples are differs from machine to machine. */
  private static String named(String text) {
    return text.replace(Samples.path("jdk8-jstack.txt").getParent() + java.io.File.separator, "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk8-jstack.txt", "jdk17-jstack-l.txt", "jdk21.json", "jdk25.json"})
  void scanTellsWhatIsInADump(String sample) throws IOException {
    Cli run = scan(sample);

    assertThat(named(run.out()))
        .isEqualTo(golden("scan-" + sample.replaceAll("\\..*", "") + ".golden"));
    assertThat(run.err()).isEmpty();
  }

  /** Workers that wait for their next task, and virtual threads that wait for elements. */
  @ParameterizedTest
  @ValueSource(strings = {"jdk17-idle.txt", "jdk25-idle.json"})
  void anIdleJvmWorriesNobody(String sample) {
    Cli run = scan(sample, "--max-threads", 15, "--max-group", 3);

    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("LeakCheck: no deadlock was found among 1");
    assertThat(run.out()).doesNotContain("limit crossed");
  }

  @Test
  void aDeadlockOrALimitThatIsCrossedFails() {
    assertThat(scan("jdk8-jstack.txt").code()).isEqualTo(ExitCode.LEAKS);
    Cli threads = scan("jdk17-idle.txt", "--max-threads", 13);
    assertThat(threads.code()).isEqualTo(ExitCode.LEAKS);
    assertThat(threads.out()).contains("\nlimit crossed: 14 threads, --max-threads 13\n");
    Cli group = scan("jdk25-idle.json", "--max-group", 2);
    assertThat(group.code()).isEqualTo(ExitCode.LEAKS);
    assertThat(group.out()).contains("\nlimit crossed: 3 threads in one group, --max-group 2\n");
  }

  /** The JVM has more compiler threads than that, which are set aside. */
  @Test
  void threadsThatAreSetAsideCrossNoLimitOfGroups() {
    assertThat(scan("jdk11-jstack-l.txt", "--max-group", 1).out()).doesNotContain("limit crossed");
  }

  @Test
  void jsonIsWrittenToAFileOrAlone() throws IOException {
    Path file = directory.resolve("scan.json");

    Cli both = scan("jdk25.json", "--json", file);
    Cli alone = scan("jdk25.json", "--json", "-");

    assertThat(both.out()).startsWith("LeakCheck: 1 deadlock");
    assertThat(alone.out())
        .isEqualTo(Files.readString(file).replace(System.lineSeparator(), "\n"))
        .contains("\"format\" : \"json\"", "\"total\" : 24", "\"name\" : \"price-poller-*\"")
        .contains("\"title\" : \"2 threads wait for each other: \\\"booker\\\", \\\"refiller\\\"\"")
        .contains("\"say \\\"hi\\\"\\nthere\"");
    assertThat(alone.code()).isEqualTo(both.code()).isEqualTo(ExitCode.LEAKS);
  }

  @Test
  void diffTellsWhatCameWentAndGrew() throws IOException {
    Path before = Samples.path("jdk25-idle.json");
    Path after = Samples.path("jdk25.json");

    Cli run = Cli.run("diff", before, after);

    assertThat(named(run.out())).isEqualTo(golden("diff-jdk25.golden"));
    assertThat(run.code()).isZero();
    assertThat(Cli.run("diff", before, after, "--max-growth", 3).code()).isZero();
    Cli grown = Cli.run("diff", before, after, "--max-growth", 2);
    assertThat(grown.code()).isEqualTo(ExitCode.LEAKS);
    assertThat(grown.out()).contains("\nlimit crossed: a group grew by 3, --max-growth 2\n");
    assertThat(Cli.run("diff", after, before, "--json", "-").out())
        .contains("\"before\" : 3,\n    \"after\" : 0");
  }

  @Test
  void formatsMayBeMixedInADiff() {
    for (String other : new String[] {"jdk25.txt", "jdk25-print-l-e.txt"}) {
      Cli run = Cli.run("diff", Samples.path(other), Samples.path("jdk25.json"));

      assertThat(run.out()).as(other).contains("nothing that counts came, went or grew");
      assertThat(run.out()).contains("note: executors were left out: only JSON dumps list them");
    }
  }

  @Test
  void badInputIsOneLineAndExitCode2() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));
    Path binary = Files.write(directory.resolve("binary"), new byte[] {0, 1, 2, (byte) 0xff, 10});
    Path gone = directory.resolve("gone");
    Path half =
        Files.writeString(
            directory.resolve("half"),
            golden("jdk25.json").substring(0, golden("jdk25.json").length() / 2));
    for (Path file : new Path[] {empty, binary, gone, half, directory}) {
      for (Cli run :
          new Cli[] {
            Cli.run("scan", "--dump", file),
            Cli.run("diff", file, file),
            Cli.run("diff", Samples.path("jdk21.txt"), file)
          }) {
        assertThat(run.code()).as(file.toString()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("leakcheck: ").contains(file.toString()).hasLineCount(1);
      }
    }
    Cli part = Cli.run("scan", "--partial", "--dump", half);
    assertThat(part.code()).isNotEqualTo(ExitCode.BAD_INPUT);
    assertThat(part.out()).contains("\nnote: it is cut short or broken: only the ");
  }

  @Test
  void aProcessOrAFileMustBeGiven() {
    assertThat(Cli.run("scan").err())
        .startsWith("leakcheck: give either the process id of a JVM or --dump FILE\n");
    assertThat(Cli.run("scan", 1, "--dump", "x").code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Cli.run("scan", "--dump", "x", "--max-threads", -1).code())
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Cli.run("diff", "x").code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Cli.run("scan", "x").code()).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void processesThatCanNotBeAskedAreRefusedInOneLine() {
    long own = ProcessHandle.current().pid();

    assertThat(Cli.run("scan", own).err())
        .isEqualTo(
            "leakcheck: process " + own + " is LeakCheck itself: a JVM can't be asked by itself\n");
    assertThat(Cli.run("scan", Integer.MAX_VALUE).err())
        .startsWith("leakcheck: there is no process 2147483647 (");
    assertThat(Cli.run("scan", 0).code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Cli.run("scan", -1).code()).isEqualTo(ExitCode.BAD_INPUT);
  }
}
