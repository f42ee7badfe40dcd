package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vendor.stuck.CheckedVirtual;

/** What a finding says of a virtual thread that nobody can wake, and what becomes of the thread. */
class ProofTest {

  @TempDir private Path directory;

  @BeforeEach
  void needsVirtualThreads() {
    Jdk21.assume();
  }

  private List<String> run(String knownBy, String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of("-Dleakcheck.proof=auto"));
    all.addAll(List.of(flags));
    all.add(AgentJvm.option(directory));
    return new AgentJvm(directory, CheckedVirtual.class).run(all, knownBy);
  }

  @Test
  void saysThatNobodyCouldWakeItAndThatItIsGone() throws Exception {
    assertThat(run("nobody"))
        .containsExactly(
            "[stuck-on-queue [nobody alive leads to what could wake it: it is stuck for good,"
                + " (barring code that lists all threads, a debugger, and native code), (so the"
                + " garbage collector has taken it away: its finally blocks do not run)]]",
            "gone",
            "[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"field", "weak"})
  void leavesOneAloneThatSomethingLeadsToAndSaysWhat(String knownBy) throws Exception {
    List<String> lines = run(knownBy);

    assertThat(lines.get(0))
        .startsWith(
            "[stuck-on-queue [it may still be woken, by who has:,   static field"
                + " vendor.stuck.CheckedVirtual.KEPT   ← let go here,");
    assertThat(lines.subList(1, lines.size())).containsExactly("still listed", "[]");
  }

  /** The JVM itself holds it meanwhile. */
  @Test
  void saysWhyItIsNotKnown() throws Exception {
    assertThat(run("monitor"))
        .containsExactly(
            "[stray-virtual-thread [unknown whether anybody can wake it, because it waits in Object.wait,"
                + " where the JVM itself holds it]]",
            "still listed",
            "[]");
  }

  @Test
  void saysThatItTakesTheAgent() throws Exception {
    List<String> lines =
        new AgentJvm(directory, CheckedVirtual.class)
            .run(List.of("-Dleakcheck.proof=auto"), "nobody");

    assertThat(lines.get(0))
        .isEqualTo(
            "[stuck-on-queue [unknown whether anybody can wake it, because it takes the"
                + " agent to ask about a virtual thread]]");
  }

  @Test
  void asksNothingWhereItIsSwitchedOff() throws Exception {
    assertThat(run("nobody", "-Dleakcheck.proof=off"))
        .containsExactly("[stuck-on-queue without a word]", "still listed", "[]");
  }
}
