package dev.leakcheck.proof.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.agent.AgentJvm;
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

/** What the collector says of virtual threads that wait, in JVMs of their own. */
class VirtualProofTest {

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

  private static final List<String> EXPECTED =
      List.of(
          "queue PROVED: nothing alive led to it, and the collector has taken it away",
          "hand-over PROVED: nothing alive led to it, and the collector has taken it away",
          "latch PROVED: nothing alive led to it, and the collector has taken it away",
          "semaphore PROVED: nothing alive led to it, and the collector has taken it away",
          "future PROVED: nothing alive led to it, and the collector has taken it away",
          "exchanger PROVED: nothing alive led to it, and the collector has taken it away",
          "condition PROVED: nothing alive led to it, and the collector has taken it away",
          "each-other PROVED: nothing alive led to it, and the collector has taken it away",
          "each-other PROVED: nothing alive led to it, and the collector has taken it away",
          "join-of-stuck PROVED: nothing alive led to it, and the collector has taken it away",
          "join-of-stuck PROVED: nothing alive led to it, and the collector has taken it away",
          "static REACHABLE: something alive leads to it",
          "weak-queue REACHABLE: a weak reference leads to it, and whoever reads that may wake it",
          "soft-queue REACHABLE: a weak reference leads to it, and whoever reads that may wake it",
          "finalizable REACHABLE: a weak reference leads to it, and whoever reads that may wake it",
          "weak-thread REACHABLE: a weak reference leads to it, and whoever reads that may wake it",
          "fed-by-platform REACHABLE: something alive leads to it",
          "fed-by-virtual REACHABLE: something alive leads to it",
          "timed UNKNOWN: its wait has a time limit",
          "sleeping UNKNOWN: its wait has a time limit",
          "bare-park UNKNOWN: its own code parks it, and such a wait may end by itself",
          "object-wait UNKNOWN: it waits in Object.wait, where the JVM itself holds it",
          "worker UNKNOWN: an executor or a task scope holds it, and whoever has that can interrupt"
              + " it");

  @ParameterizedTest
  @ValueSource(strings = {"Serial", "G1", "Parallel", "Z"})
  void provesWhatNobodyLeadsToAndNothingElse(String collector) throws Exception {
    assertThat(run(ProofChild.class, List.of("-XX:-UseSerialGC", "-XX:+Use" + collector + "GC")))
        .containsExactlyElementsOf(EXPECTED);
  }

  @Test
  void doesNotSayThatSomebodyLeadsToWhatOnlyTheJvmHolds() throws Exception {
    assertThat(run(HeldChild.class, List.of())).containsExactly("not reachable");
  }

  @Test
  void provesNothingOfThreadsThatTheJdkDoesNotList() throws Exception {
    assertThat(run(ProofChild.class, List.of("-Djdk.trackAllThreads=false"), "queue", "static"))
        .containsExactly(
            "queue UNKNOWN: jdk.trackAllThreads=false: the JDK lists none",
            "static UNKNOWN: jdk.trackAllThreads=false: the JDK lists none");
  }

  @Test
  void provesNothingWithoutACollection() throws Exception {
    assertThat(run(ProofChild.class, List.of("-XX:+DisableExplicitGC"), "queue", "static"))
        .containsExactly(
            "queue UNKNOWN: no garbage collection could be had",
            "static REACHABLE: something alive leads to it");
  }

  @Test
  void provesNothingWithoutTheAgent() throws InterruptedException {
    try (Planted planted = new Planted()) {
      Thread thread = planted.virtual("reader");
      long id = thread.getId();

      Map<Long, Answer> answers =
          VirtualProof.ask(new ArrayList<>(List.of(thread)), Duration.ofSeconds(1), false);

      assertThat(answers.get(id).kind()).isEqualTo(Answer.Kind.UNKNOWN);
    }
  }

  /** The figure for a machine that has nothing else to do is in the guide. */
  @Test
  void asksAboutAThousandAtOnce() throws Exception {
    assertThat(run(ManyChild.class, List.of())).contains("1000 proved of 1000");
  }

  @Test
  void everybodySeesEveryThreadOnceWhileTheyAreTakenOutAndPutBack() throws Exception {
    assertThat(run(ListedChild.class, List.of())).containsExactly("always whole");
  }
}
