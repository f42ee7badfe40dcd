package dev.leakcheck.junit5.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test that ends the JVM leaves a report without an end, which no gate lets pass. */
class ExitTest {

  private static final String END = "{\"entry\":\"end\"";

  @TempDir private Path directory;

  @Test
  void runThatComesToItsEndHasAReportThatDoes() throws Exception {
    assertThat(entries("", ExitCase.class, UncheckedExitCase.class))
        .filteredOn(line -> line.startsWith(END))
        .hasSize(1);
  }

  @Test
  void runThatATestCutsShortHasAReportWithoutAnEnd() throws Exception {
    assertThat(entries("exit", ExitCase.class))
        .anyMatch(line -> line.contains("aEndsByItself"))
        .noneMatch(line -> line.contains("cIsNotRunThen"))
        .noneMatch(line -> line.startsWith(END));
  }

  @Test
  void runThatATestCutsShortWhichIsNotCheckedHasNoneEither() throws Exception {
    assertThat(entries("exit", InboxCase.class, UncheckedExitCase.class))
        .anyMatch(line -> line.contains("InboxCase"))
        .noneMatch(line -> line.startsWith(END));
  }

  private List<String> entries(String leaks, Class<?>... types) throws Exception {
    List<String> command = Fork.java();
    command.add("-D" + Leaks.PROPERTY + "=" + leaks);
    command.add("-Dleakcheck.report.dir=" + directory.resolve("reports"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Fork.class.getName());
    Arrays.stream(types).map(Class::getName).forEach(command::add);
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return lines(directory.resolve("reports"));
  }

  private static List<String> lines(Path reports) throws IOException {
    try (Stream<Path> files = Files.list(reports)) {
      return Files.readAllLines(files.findFirst().orElseThrow());
    }
  }
}
