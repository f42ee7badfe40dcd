package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Jdk21;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The common pool of a JVM that has not used it yet, with the agent and without. */
class CommonPoolTest {

  @TempDir private Path directory;

  private List<String> run(boolean agent, String... steps) throws Exception {
    return run(List.of(), agent, steps);
  }

  private List<String> run(List<String> more, boolean agent, String... steps) throws Exception {
    List<String> flags = new ArrayList<>(more);
    if (agent) {
      flags.add(AgentJvm.option(directory));
    }
    return new AgentJvm(directory, CommonPoolChild.class).run(flags, steps);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void checksDoNotFixItsParallelism(boolean agent) throws Exception {
    assumeTrue(
        agent || !Jdk21.AVAILABLE,
        "to read a thread dump loads BigDecimal, which makes the JDK ask for the pool");

    assertThat(run(agent, "properties")).containsExactly("first []", "common pool of 7");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void firstTaskThatItEverHadIsFound(boolean agent) throws Exception {
    assertThat(run(agent, "leaves", "around"))
        .containsExactly("test [busy-common-pool]", "around []");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void workerThatIsThereAlreadyTellsToo(boolean agent) throws Exception {
    assertThat(run(agent, "used-before", "leaves", "around"))
        .containsExactly("test [busy-common-pool]", "around []");
  }

  /** With one processor or two, {@code CompletableFuture} of older JDKs starts threads instead. */
  @Test
  void whatCompletableFutureLeftIsTheSameLeakOnAnyMachineAndTier() throws Exception {
    List<List<String>> told = new ArrayList<>();
    for (int processors : List.of(1, 4)) {
      String flag = "-XX:ActiveProcessorCount=" + processors;
      told.add(run(List.of(flag), false, "async"));
      told.add(run(List.of(flag), true, "async"));
    }

    assertThat(told)
        .allSatisfy(
            lines -> {
              assertThat(lines).isEqualTo(told.get(0));
              assertThat(lines).singleElement().asString().startsWith("busy-common-pool ");
            });
  }

  @Test
  void ofOverlappingScopesNoneIsAccusedButTheOneAroundThem() throws Exception {
    assertThat(run(true, "overlapped", "around"))
        .containsExactly("two []", "one []", "around [busy-common-pool?]");
  }
}
