package dev.leakcheck.proof.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.agent.AgentJvm;
import dev.leakcheck.capture.dump.HeapDumper;
import dev.leakcheck.model.Proof;
import dev.leakcheck.proof.RandomThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vendor.stuck.HeldVirtual;
import vendor.stuck.ManyVirtual;
import vendor.stuck.VirtualCases;

/** What the collector says of virtual threads that wait, in JVMs of their own. */
class VirtualProofTest {

  private static final String COMPILE = "-XX:CompileCommand=compileonly,";

  @TempDir private Path directory;

  @BeforeEach
  void needsVirtualThreads() {
    Jdk21.assume();
  }

  private List<String> run(Class<?> main, List<String> flags, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(flags);
    all.add(AgentJvm.option(directory));
    return new AgentJvm(directory, main).run(all, arguments);
  }

  /** How each line begins; what wakes a thread when it is collected may have woken it by then. */
  private static final List<String> EXPECTED =
      List.of(
          "queue proved",
          "hand-over proved",
          "latch proved",
          "semaphore proved",
          "future proved",
          "exchanger proved",
          "condition proved",
          "each-other proved",
          "each-other proved",
          "join-of-stuck proved",
          "join-of-stuck proved",
          "static reachable from ",
          "weak-queue reachable from static field vendor.stuck.VirtualCases.KEPT",
          "soft-queue reachable from static field vendor.stuck.VirtualCases.KEPT",
          "finalizable (reachable from|unknown: it has ended meanwhile)",
          "weak-thread reachable from static field vendor.stuck.VirtualCases.KEPT",
          "fed-by-platform reachable from live thread \"feeder\" in vendor.stuck.VirtualCases.feed()",
          "fed-by-virtual reachable from live virtual thread #\\d+ in vendor.stuck.VirtualCases.feed()",
          "timed unknown: its wait has a time limit",
          "sleeping unknown: its wait has a time limit",
          "bare-park unknown: its own code parks it, and such a wait may end by itself",
          "object-wait unknown: it waits in Object.wait, where the JVM itself holds it",
          "worker unknown: an executor or a task scope holds it, and whoever has that can interrupt",
          "reads-references unknown: it waits in a ReferenceQueue, where the collector wakes it",
          "reference-with-queue reachable from the queue of a reference");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseSerialGC",
        "-XX:-UseSerialGC -XX:+UseG1GC",
        "-XX:-UseSerialGC -XX:+UseParallelGC",
        "-XX:-UseSerialGC -XX:+UseZGC",
        "-XX:-UseSerialGC -XX:+UseShenandoahGC",
        "-XX:-UseCompressedOops",
        "-XX:+UseCompactObjectHeaders",
        "-Xint"
      })
  void provesWhatNobodyLeadsToAndNothingElse(String flags) throws Exception {
    assumeTrue(Runtime.version().feature() >= 25 || !flags.contains("CompactObjectHeaders"));

    requireExpected(flags.split(" "));
  }

  /** Whatever the compiler hides from a dump, the collector sees. */
  @Test
  void besideCodeThatTheOptimisingCompilerMadeItProvesTheSame() throws Exception {
    requireExpected(
        "-XX:TieredStopAtLevel=4",
        "-XX:-TieredCompilation",
        "-Xcomp",
        "-XX:CompileCommand=quiet",
        COMPILE + "vendor.stuck.*::*",
        COMPILE + "java.util.concurrent.*::*",
        COMPILE + "java.lang.VirtualThread::*",
        COMPILE + "dev.leakcheck.proof.*::*"); // or reading the dump takes longer
  }

  private void requireExpected(String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of("-XX:+IgnoreUnrecognizedVMOptions"));
    all.addAll(List.of(flags));

    List<String> lines = run(VirtualCases.class, all);

    assertThat(lines)
        .zipSatisfy(EXPECTED, (line, expected) -> assertThat(line).containsPattern("^" + expected));
  }

  @Test
  void ofThreadsAtRandomProvesThoseThatNobodyCanWakeAndNothingElse() throws Exception {
    RandomThreads.require(directory, List.of(AgentJvm.option(directory)), 40, "virtual");
  }

  @Test
  void doesNotSayThatSomebodyLeadsToWhatOnlyTheJvmHolds() throws Exception {
    assertThat(run(HeldVirtual.class, List.of())).containsExactly("not reachable");
  }

  @Test
  void provesNothingOfThreadsThatTheJdkDoesNotList() throws Exception {
    assertThat(run(VirtualCases.class, List.of("-Djdk.trackAllThreads=false"), "queue", "static"))
        .containsExactly(
            "queue unknown: with jdk.trackAllThreads=false the JDK lists no virtual threads",
            "static unknown: with jdk.trackAllThreads=false the JDK lists no virtual threads");
  }

  @Test
  void provesNothingWithoutACollection() throws Exception {
    assertThat(run(VirtualCases.class, List.of("-XX:+DisableExplicitGC"), "queue"))
        .containsExactly("queue unknown: no garbage collection could be had");
  }

  @Test
  void provesNothingWithoutTheAgent() throws InterruptedException {
    try (Planted planted = new Planted()) {
      Thread thread = planted.virtual("reader");
      long id = thread.getId();

      Map<Long, Proof> answers =
          new VirtualProof(new HeapDumper())
              .of(new ArrayList<>(List.of(thread)), 1, Duration.ofSeconds(1));

      assertThat(answers.get(id)).isInstanceOf(Proof.Unknown.class);
    }
  }

  /** The figure for a machine that has nothing else to do is in the guide. */
  @Test
  void asksAboutAThousandAtOnce() throws Exception {
    assertThat(run(ManyVirtual.class, List.of())).contains("1000 proved of 1000");
  }

  @Test
  void everybodySeesEveryThreadOnceWhileTheyAreTakenOutAndPutBack() throws Exception {
    assertThat(run(ListedChild.class, List.of())).containsExactly("always whole");
  }
}
