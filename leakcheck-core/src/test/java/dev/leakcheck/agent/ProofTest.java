package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a finding says of a virtual thread that nobody can wake, and what becomes of the thread. */
class ProofTest {

  @TempDir private Path directory;

  @BeforeEach
  void needsVirtualThreads() {
    Jdk21.assume();
  }

  private List<String> run(String knownBy, String... flags) throws Exception {
    List<String> all = new java.util.ArrayList<>(List.of(flags));
    all.add(AgentJvm.option(directory));
    return new AgentJvm(directory, ProofChild.class).run(all, knownBy);
  }

  @Test
  void saysThatNobodyCouldWakeIt() throws Exception {
    assertThat(run("nobody"))
        .containsExactly(
            "[stuck-on-queue proved: nobody alive could ever wake it (nothing else led there, and"
                + " the garbage collector has taken it away)]",
            "gone",
            "[]");
  }

  @Test
  void leavesOneAloneThatAFieldLeadsTo() throws Exception {
    assertThat(run("field"))
        .containsExactly("[stuck-on-queue without a word]", "still listed", "[]");
  }

  @Test
  void leavesOneAloneThatAWeakReferenceLeadsTo() throws Exception {
    assertThat(run("weak"))
        .containsExactly(
            "[stuck-on-queue reachable: a weak reference leads to it, and whoever reads that may"
                + " wake it]",
            "still listed",
            "[]");
  }

  @Test
  void asksNothingWhereItIsSwitchedOff() throws Exception {
    assertThat(run("nobody", "-Dleakcheck.proof=off"))
        .containsExactly("[stuck-on-queue without a word]", "still listed", "[]");
  }
}
