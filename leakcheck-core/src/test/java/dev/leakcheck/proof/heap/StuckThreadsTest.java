package dev.leakcheck.proof.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.agent.AgentJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vendor.stuck.HiddenChild;
import vendor.stuck.StuckChild;
import vendor.stuck.TrapsChild;

/** What is proved and what must not be, in JVMs that compile and collect in different ways. */
class StuckThreadsTest {

  private static final String COMPILE = "-XX:CompileCommand=compileonly,vendor.stuck.";

  /** Or what reads the dump takes three times as long. */
  private static final String COMPILE_LEAKCHECK =
      "-XX:CompileCommand=compileonly,dev.leakcheck.*::*";

  /** All else may be compiled: nobody is stuck in it. */
  private static final String[] INTERPRET = {
    "-XX:CompileCommand=quiet", "-XX:CompileCommand=exclude,vendor.stuck.*::*"
  };

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
        .hasSize(28)
        .allMatch(line -> line.contains(" = Proved "));
    assertThat(answers)
        .filteredOn(line -> line.startsWith("!") && line.contains("in a circle of 2 threads"))
        .extracting(line -> line.substring(0, line.indexOf(" = ")))
        .containsExactlyInAnyOrder(
            "!cycle-1",
            "!cycle-2",
            "!circle-latch",
            "!circle-future",
            "!deadlock-1",
            "!deadlock-2");
    assertThat(answers)
        .filteredOn(line -> line.contains("never runs"))
        .singleElement(STRING)
        .startsWith("!stages = Proved")
        .contains(
            "code of vendor.stuck.StuckCases$Approval, vendor.stuck.StuckCases$Shipping never runs,"
                + " as the CompletableFuture that it follows is never completed");
    assertThat(answers)
        .filteredOn(line -> line.contains(" alone, which is stuck itself"))
        .extracting(
            line -> line.replaceFirst("^(\\S+) = .* by thread \"(\\S+)\" alone.*", "$1 by $2"))
        .containsExactlyInAnyOrder(
            "!join by !joined", "!wants-lock by !holds-lock", "!wants-monitor by !holds-monitor");
    assertThat(answers.stream().filter(line -> line.startsWith("?")))
        .hasSize(38)
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

  /** What the JVM itself keeps while it calls other code, and what a thread at work has. */
  @ParameterizedTest
  @CsvSource({
    "INITIALISES, Sender.<clinit> has ended",
    "AWAITS_INITIALISER, at work",
    "LOADS, loadClass has ended",
    "WANTS_LOADER, at work",
    "REFLECTS, Sender.<clinit> has ended",
    "MAKES, the object that is being made",
    "WORKS, at work",
    "CLASS_DATA, class data is in no dump",
    "CLASS_DATA_BESIDE_A_LAMBDA, class data is in no dump"
  })
  void whatNoFrameOfADumpHoldsIsNoProof(HiddenChild.Case hides, String why) throws Exception {
    assertThat(
            run(
                HiddenChild.class,
                List.of(hides.name()),
                "-Xcomp",
                "-XX:TieredStopAtLevel=1",
                "-XX:CompileCommand=quiet",
                COMPILE_LEAKCHECK,
                COMPILE + "HiddenChild$Made::<init>",
                "-XX:CompileCommand=compileonly,java.lang.reflect.Method::invoke",
                "-XX:CompileCommand=compileonly,*Accessor*::invoke",
                "-Djdk.reflect.useNativeAccessorOnly=true"))
        .anyMatch(line -> line.startsWith("?fed = Unknown ") && line.contains(why));
  }

  /** Its own code wants the monitor, or its class makes up an id: all that it holds is seen. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "WANTS_MONITOR",
        "WANTS_ARRAY",
        "OWN_ID",
        "NEVER_STARTED",
        "GROUP_OF_NOBODY",
        "GROUP_TOLD_OF_NOBODY"
      })
  void besideAThreadThatHidesNothingItIsProved(HiddenChild.Case near) throws Exception {
    assertThat(run(HiddenChild.class, List.of(near.name()), INTERPRET))
        .anyMatch(line -> line.startsWith("?fed = Proved "));
  }

  /** Who has it may interrupt all that are in it. */
  @ParameterizedTest
  @EnumSource(names = {"GROUP", "GROUP_BESIDE_MAIN"})
  void whoseGroupIsHeldIsNotProved(HiddenChild.Case holds) throws Exception {
    assertThat(run(HiddenChild.class, List.of(holds.name()), INTERPRET))
        .anyMatch(
            line ->
                line.startsWith("?fed = Reachable ")
                    && line.contains("static field vendor.stuck.HiddenChild.group"));
  }

  /** The JVM has the group of a thread handle what that throws. */
  @ParameterizedTest
  @EnumSource(names = {"GROUP_THAT_IS_TOLD", "GROUP_AROUND_THAT_IS_TOLD"})
  void whatTheGroupOfALiveThreadHasIsNotProved(HiddenChild.Case has) throws Exception {
    assertThat(run(HiddenChild.class, List.of(has.name()), INTERPRET))
        .anyMatch(
            line ->
                line.startsWith("?fed = Reachable ")
                    && line.contains(
                        "field vendor.stuck.HiddenChild$Told.queue of the thread group of thread"
                            + " \"live\" → LinkedBlockingQueue"));
  }

  /** No dump lists it, and whoever has its monitor has it in no variable. */
  @Test
  void whoJoinsAThreadThatIsAboutToEndIsNotProved() throws Exception {
    assertThat(
            run(
                HiddenChild.class,
                List.of("ENDS"),
                "-Xcomp",
                "-XX:TieredStopAtLevel=1",
                "-XX:CompileCommand=quiet",
                COMPILE_LEAKCHECK,
                COMPILE + "HiddenChild$Ending::report"))
        .anyMatch(
            line ->
                line.startsWith("?fed = Reachable ")
                    && line.contains("ending thread \"ends\" → vendor.stuck.HiddenChild$Ending"));
  }

  @Test
  void aBlockThatIsRunAgainCounts() throws Exception {
    assertThat(run(HiddenChild.class, List.of("REPEATS"), INTERPRET))
        .anyMatch(line -> line.startsWith("?fed = Reachable "));
  }

  private List<String> run(Class<?> child, String... flags)
      throws IOException, InterruptedException {
    return run(child, List.of(), flags);
  }

  private List<String> run(Class<?> child, List<String> arguments, String... flags)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-XX:+IgnoreUnrecognizedVMOptions"));
    all.addAll(Arrays.asList(flags));
    return new AgentJvm(directory, child).run(all, arguments.toArray(String[]::new));
  }
}
