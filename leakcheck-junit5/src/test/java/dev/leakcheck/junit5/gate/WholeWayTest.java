package dev.leakcheck.junit5.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.LeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project with three old leaks comes under the gate: two machines run half of its test classes
 * each, every class in a JVM of its own, and what they report is merged.
 */
class WholeWayTest {

  private static final List<List<Class<?>>> SHARDS =
      List.of(
          List.of(OrdersCase.class, PricesCase.class), List.of(InboxCase.class, RefreshCase.class));
  private static final String OLD = "pool,thread,queue";

  @TempDir private Path project;

  private Path cli = Path.of("");
  private final List<Path> reports = new ArrayList<>();
  private int runs;

  private record Outcome(int code, String output) {}

  /** The command line is in a jar of its own, beside that of the library. */
  @BeforeEach
  void findCommandLine() throws URISyntaxException {
    Path core =
        Path.of(LeakCheck.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    assumeTrue(Files.isRegularFile(core), "the command line is made with the jars: mvn verify");
    cli = core.resolveSibling(core.getFileName().toString().replaceFirst("\\.jar$", "-cli.jar"));
    assertThat(cli).isRegularFile();
  }

  @Test
  void oldLeaksAreAcceptedNewOnesFailAndPaidOffOnesAreForgotten() throws Exception {
    Path baseline = project.resolve("leakcheck-baseline.json");
    assertThat(failedTests(OLD, null)).as("before there is a baseline").isEqualTo(3);
    assertThat(gate().code()).isEqualTo(1);
    assertThat(leakcheck("baseline", "--output", baseline.toString(), "--owner", "team-orders"))
        .satisfies(
            written ->
                assertThat(written.output())
                    .contains("added: unclosed-executor, ", "added: leftover-queue, ")
                    .contains(": 3 known leaks (3 added, 0 kept, 0 pruned)"))
        .extracting(Outcome::code)
        .isEqualTo(0);

    assertThat(failedTests(OLD, baseline)).as("with the baseline").isZero();
    assertThat(gate("--baseline", baseline.toString()))
        .satisfies(
            passed ->
                assertThat(passed.output())
                    .contains(
                        "LeakCheck gate passed: no new leak (3 known leaks, 0 allowed, 0 gone;"))
        .extracting(Outcome::code)
        .isEqualTo(0);

    assertThat(failedTests(OLD + ",timer", baseline)).as("with a new leak").isEqualTo(1);
    assertThat(gate("--baseline", baseline.toString()))
        .satisfies(
            failed ->
                assertThat(failed.output())
                    .contains("new: uncancelled-timer, ")
                    .contains("found in RefreshCase.refreshesNow()")
                    .doesNotContain("new: unclosed-executor")
                    .contains("LeakCheck gate failed: 1 new leak (3 known leaks, "))
        .extracting(Outcome::code)
        .isEqualTo(1);

    assertThat(failedTests("thread,queue", baseline)).as("with the pool shut down").isZero();
    assertThat(gate("--baseline", baseline.toString()))
        .satisfies(
            passed ->
                assertThat(passed.output())
                    .contains("in the baseline and not found any more (--prune):")
                    .contains("(2 known leaks, 0 allowed, 1 gone;"))
        .extracting(Outcome::code)
        .isEqualTo(0);
    assertThat(gate("--baseline", baseline.toString(), "--prune").code()).isZero();
    assertThat(Files.readString(baseline))
        .contains("stray-thread", "leftover-queue")
        .doesNotContain("unclosed-executor");

    assertThat(failedTests(OLD, baseline)).as("with the pool's leak back").isEqualTo(1);
    assertThat(gate("--baseline", baseline.toString()).code()).isEqualTo(1);
  }

  @Test
  void aShardThatIsMissingIsNoGoodNews() throws Exception {
    assertThat(failedTests("", null)).isZero();
    assertThat(gate("--expect-jvms", "4").code()).isZero();

    reports.remove(0);

    assertThat(gate("--expect-jvms", "4"))
        .satisfies(
            unchecked ->
                assertThat(unchecked.output())
                    .contains("not checked: 2 JVMs reported, --expect-jvms is 4"))
        .extracting(Outcome::code)
        .isEqualTo(2);
  }

  @Test
  void aTestThatEndsTheJvmIsNoGoodNews() throws Exception {
    Path report = project.resolve("report");
    reports.add(report);
    Path output = project.resolve("exits.txt");
    assertThat(await(start(output, fork(ExitCase.class, "exit", report, null)))).isZero();

    assertThat(gate())
        .satisfies(
            unchecked ->
                assertThat(unchecked.output())
                    .contains("did not end its tests: ", "exited in the middle"))
        .extracting(Outcome::code)
        .isEqualTo(2);
  }

  /** Runs all shards and their JVMs at the same time; returns how many tests failed. */
  private int failedTests(String leaks, @Nullable Path baseline) throws Exception {
    reports.clear();
    Path run = Files.createDirectory(project.resolve("run-" + ++runs));
    Map<Process, Path> forks = new LinkedHashMap<>();
    for (int shard = 0; shard < SHARDS.size(); shard++) {
      Path report = run.resolve("shard-" + shard + "/target/leakcheck");
      reports.add(report);
      for (Class<?> type : SHARDS.get(shard)) {
        Path output = run.resolve(type.getSimpleName());
        forks.put(start(output, fork(type, leaks, report, baseline)), output);
      }
    }
    int failed = 0;
    for (Map.Entry<Process, Path> fork : forks.entrySet()) {
      int code = await(fork.getKey());
      assertThat(code).as(() -> read(fork.getValue())).isBetween(0, 1);
      failed += code;
    }
    for (Path report : reports) {
      try (Stream<Path> files = Files.list(report)) {
        assertThat(files).as("one report for each JVM").hasSize(2);
      }
    }
    return failed;
  }

  private static List<String> fork(
      Class<?> type, String leaks, Path report, @Nullable Path baseline) {
    List<String> command = new ArrayList<>();
    command.add("-D" + Leaks.PROPERTY + "=" + leaks);
    command.add("-Dleakcheck.report.dir=" + report);
    if (baseline != null) {
      command.add("-Dleakcheck.baseline=" + baseline);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Fork.class.getName());
    command.add(type.getName());
    return command;
  }

  private Outcome gate(String... options) throws Exception {
    return leakcheck("gate", options);
  }

  private Outcome leakcheck(String command, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-jar", cli.toString(), command));
    arguments.addAll(Arrays.asList(options));
    reports.forEach(directory -> arguments.add(directory.toString()));
    Path output = project.resolve("leakcheck.txt");
    int code = await(start(output, arguments));
    return new Outcome(code, read(output));
  }

  private static Process start(Path output, List<String> arguments) throws IOException {
    List<String> command = Fork.java();
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  private static int await(Process process) throws InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    return process.exitValue();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
