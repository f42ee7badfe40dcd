package dev.leakcheck.junit5.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a launcher that is too old, or with classes of its own that do not load. */
class HarmlessTest {

  private static final String GAVE_UP = "LeakCheck checks nothing any more";

  @TempDir private Path directory;
  private String output = "";

  /** The jars of a launcher that does not know the parameters of a test plan. */
  private static String withOldLauncher() throws IOException {
    Path jars = Path.of("target", "old-launcher").toAbsolutePath();
    assumeTrue(Files.isDirectory(jars), "the build copies them");
    List<String> path = new ArrayList<>();
    try (Stream<Path> files = Files.list(jars)) {
      files.map(Path::toString).forEach(path::add);
    }
    Arrays.stream(ownClassPath().split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("junit-"))
        .forEach(path::add);
    return String.join(File.pathSeparator, path);
  }

  private static String ownClassPath() {
    return System.getProperty("java.class.path");
  }

  /** A class of LeakCheck's that cannot be loaded. */
  private String withBroken(String type) throws IOException {
    Path file = directory.resolve("broken").resolve(type.replace('.', '/') + ".class");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "no class");
    return directory.resolve("broken") + File.pathSeparator + ownClassPath();
  }

  @Test
  void nothingIsSaidNorDoneBesideALauncherThatIsTooOld() throws Exception {
    assertThat(failed(withOldLauncher(), "", UncheckedExitCase.class)).as(output).isZero();
    assertThat(output).doesNotContain("LeakCheck", "Error");
  }

  @Test
  void testsAreCheckedBesideSuchALauncher() throws Exception {
    assertThat(failed(withOldLauncher(), "queue", InboxCase.class)).as(output).isEqualTo(1);
    assertThat(failed(withOldLauncher(), "", InboxCase.class)).as(output).isZero();
  }

  @Test
  void anErrorOfLeakChecksOwnBeforeTheFirstTestIsSaidOnceAndEndsNoTest() throws Exception {
    String broken = withBroken("dev.leakcheck.integration.TestScope");

    assertThat(failed(broken, "", ExitCase.class, InboxCase.class)).as(output).isZero();
    assertThat(output).containsOnlyOnce(GAVE_UP);
  }

  @Test
  void anErrorOfLeakChecksOwnInTheMiddleIsSaidOnceAndLeavesAReportWithoutAnEnd() throws Exception {
    String broken = withBroken("dev.leakcheck.junit5.Verdict");

    Path reports = directory.resolve("reports");
    int failed =
        failed(broken, "", "-Dleakcheck.report.dir=" + reports, ExitCase.class, InboxCase.class);

    assertThat(failed).as(output).isZero();
    assertThat(output).containsOnlyOnce(GAVE_UP);
    try (Stream<Path> files = Files.list(reports)) {
      assertThat(Files.readString(files.findFirst().orElseThrow()))
          .doesNotContain("\"entry\":\"end\"");
    }
  }

  @Test
  void aClassOfTheJdkThatATestMocksOnItsThreadFailsNoTest() throws Exception {
    assertThat(failed(ownClassPath(), "", MockedJdkCase.class, InboxCase.class))
        .as(output)
        .isZero();
    assertThat(output).containsOnlyOnce(GAVE_UP);
  }

  @Test
  void whatATestItselfCannotLoadIsItsOwnFailure() throws Exception {
    assertThat(failed(ownClassPath(), "linkage", LinkageCase.class)).as(output).isEqualTo(3);
    assertThat(output).doesNotContain(GAVE_UP);
  }

  /** How many tests failed in a JVM. */
  private int failed(String classPath, String leaks, Class<?>... types) throws Exception {
    return failed(classPath, leaks, "-Dleakcheck.level=method", types);
  }

  private int failed(String classPath, String leaks, String option, Class<?>... types)
      throws Exception {
    List<String> command = Fork.java();
    command.add("-D" + Leaks.PROPERTY + "=" + leaks);
    command.add(option);
    command.add("-cp");
    command.add(classPath);
    command.add(Fork.class.getName());
    Arrays.stream(types).map(Class::getName).forEach(command::add);
    Path file = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile()).start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    output = Files.readString(file);
    return process.exitValue();
  }
}
