package dev.leakcheck.proof.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.agent.AgentJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vendor.stuck.RandomChild;
import vendor.stuck.StuckChild;
import vendor.stuck.TrapsChild;

/** What is proved and what must not be, in JVMs that compile and collect in different ways. */
class StuckThreadsTest {

  private static final String COMPILE = "-XX:CompileCommand=compileonly,vendor.stuck.";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xint",
        "-XX:-UseCompressedOops",
        "-XX:TieredStopAtLevel=4 -XX:-UseSerialGC -XX:+UseG1GC",
        "-XX:-UseSerialGC -XX:+UseParallelGC",
        "-XX:-UseSerialGC -XX:+UseZGC",
        "-XX:-UseSerialGC -XX:+UseShenandoahGC",
        "-XX:+UseCompactObjectHeaders"
      })
  void whatNobodyCanWakeIsProvedAndNothingElseIs(String flags) throws Exception {
    assumeTrue(Runtime.version().feature() >= 25 || !flags.contains("CompactObjectHeaders"));
    List<String> answers = run(StuckChild.class, flags.split(" "));

    assertThat(answers.stream().filter(line -> line.startsWith("!")))
        .hasSize(23)
        .allMatch(line -> line.contains(" = Proved "));
    assertThat(answers)
        .filteredOn(line -> line.startsWith("!") && line.contains("in a circle of 2 threads"))
        .extracting(line -> line.substring(0, line.indexOf(" = ")))
        .containsExactlyInAnyOrder("!cycle-1", "!cycle-2", "!circle-latch", "!circle-future");
    assertThat(answers)
        .filteredOn(line -> line.contains(" alone, which is stuck itself"))
        .extracting(
            line -> line.replaceFirst("^(\\S+) = .* by thread \"(\\S+)\" alone.*", "$1 by $2"))
        .containsExactlyInAnyOrder(
            "!join by !joined", "!wants-lock by !holds-lock", "!wants-monitor by !holds-monitor");
    assertThat(answers.stream().filter(line -> line.startsWith("?")))
        .hasSize(16)
        .noneMatch(line -> line.contains(" = Proved "));
  }

  /** Whoever is live and compiled may hide something, so nothing is proved beside it. */
  @Test
  void besideCompiledCodeNothingIsProvedThatMightBeHidden() throws Exception {
    List<String> answers =
        run(
            StuckChild.class,
            "-XX:TieredStopAtLevel=4",
            "-XX:-TieredCompilation",
            "-Xcomp",
            "-XX:CompileCommand=quiet",
            COMPILE + "StuckCases*::*");

    assertThat(answers)
        .anyMatch(line -> line.startsWith("!take = Unknown ") && line.contains("compiled code"))
        .noneMatch(line -> line.contains(" = Proved "));
  }

  /** The object that leads to the queue is in no dump: the compiler took it apart. */
  @Test
  void whatTheCompilerTookApartIsNoProof() throws Exception {
    List<String> answers =
        run(
            TrapsChild.class,
            "-XX:TieredStopAtLevel=4",
            "-XX:-TieredCompilation",
            "-Xbatch",
            "-XX:CompileThreshold=500",
            "-XX:CompileCommand=quiet",
            COMPILE + "TrapsChild::feedLater",
            COMPILE + "TrapsChild$Holder::*",
            "-XX:CompileCommand=compileonly,java.lang.Object::<init>",
            "-XX:CompileCommand=compileonly,java.lang.Record::<init>");

    assertThat(answers)
        .anyMatch(line -> line.startsWith("naive ?taken-apart = Proved"))
        .anyMatch(line -> line.startsWith("?taken-apart = Unknown ") && line.contains("feedLater"));
  }

  /** A compiled method that is synchronized itself has its monitor in no variable. */
  @Test
  void aMonitorThatCompiledCodeDoesNotShowIsNoProof() throws Exception {
    List<String> answers =
        run(
            TrapsChild.class,
            "-XX:TieredStopAtLevel=4",
            "-XX:-TieredCompilation",
            "-Xcomp",
            "-XX:CompileCommand=quiet",
            COMPILE + "TrapsChild$Door::*",
            "-XX:CompileCommand=compileonly,java.lang.Object::wait*");

    assertThat(answers)
        .anyMatch(line -> line.startsWith("?compiled-wait = Unknown ") && line.contains("Door"));
  }

  /** {@code -Dproof.rounds=10000} has it try more. */
  @Test
  void ofThreadsAtRandomExactlyThoseAreProvedThatNobodyCanWake() throws Exception {
    List<String> printed =
        new AgentJvm(directory, RandomChild.class)
            .run(List.of(), Integer.getInteger("proof.rounds", 8).toString(), "20261128");

    String last = printed.get(printed.size() - 1);
    Matcher counts = Pattern.compile("false (\\d+) proved (\\d+) of (\\d+)").matcher(last);
    assertThat(counts.matches()).as(printed.toString()).isTrue();
    assertThat(counts.group(1)).as(printed.toString()).isEqualTo("0");
    assertThat(Integer.parseInt(counts.group(2)))
        .as(printed.toString())
        .isPositive()
        .isGreaterThanOrEqualTo(Integer.parseInt(counts.group(3)) * 95 / 100);
  }

  private List<String> run(Class<?> child, String... flags)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-XX:+IgnoreUnrecognizedVMOptions"));
    all.addAll(Arrays.asList(flags));
    return new AgentJvm(directory, child).run(all);
  }
}
