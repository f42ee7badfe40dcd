package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Executors and timers that nobody refers to and nobody stopped, whenever the collector comes upon
 * them.
 */
class CollectedExecutorsTest {

  @TempDir private Path directory;

  /** What is told of it and what is left for the scope around, each time. */
  private List<String> run(String leak, String... times) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(leak));
    arguments.addAll(List.of(times));
    return new AgentJvm(directory, CollectedExecutorsChild.class)
        .run(List.of(AgentJvm.option(directory)), arguments.toArray(new String[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "single-unused", "cached", "timing-out", "per-task"})
  void oneThatWasNeverShutDownIsTheSameLeakWheneverItIsCollected(String leak) throws Exception {
    boolean perTask = leak.equals("per-task");
    if (perTask) {
      Jdk21.assume();
    }
    // When a virtual thread that is parked is collected is the JVM's to say.
    List<String> lines =
        perTask ? run(leak, "during", "after") : run(leak, "before", "during", "after");

    assertThat(lines).hasSize(perTask ? 4 : 6);
    assertThat(lines.get(0)).matches("\\[unclosed-executor [0-9a-f]{16}]");
    for (int i = 0; i < lines.size(); i += 2) {
      assertThat(lines.subList(i, i + 2)).containsExactly(lines.get(0), "[]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"timer", "timer-used"})
  void aTimerThatWasNeverCancelledIsTheSameLeakWheneverItIsCollected(String leak) throws Exception {
    List<String> lines = run(leak, "before", "during", "after");

    assertThat(lines.get(0)).matches("\\[uncancelled-timer [0-9a-f]{16}]");
    assertThat(lines).containsExactly(lines.get(0), "[]", lines.get(0), "[]", lines.get(0), "[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"timer-cancelled", "timer-that-a-task-ended"})
  void aTimerThatEndedBeforeIsNoLeakThoughItIsCollected(String ended) throws Exception {
    assertThat(run(ended, "before", "during")).containsExactly("[]", "[]", "[]", "[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"timer", "timer-used"})
  void withoutTheAgentATimerThatNothingRefersToIsNeverTold(String forgotten) throws Exception {
    assertThat(
            new AgentJvm(directory, CollectedExecutorsChild.class)
                .run(List.of(), forgotten, "before", "during", "after"))
        .containsExactly("[]", "[]", "[]", "[]", "[]", "[]");
  }

  @Test
  void oneThatWasShutDownPassesThoughItIsCollected() throws Exception {
    assertThat(run("shut-down", "before", "during")).containsExactly("[]", "[]", "[]", "[]");
  }

  @Test
  void whoeverIsCalledAsTheCollectorsThreadsAreIsSomebodyAllTheSame() throws Exception {
    assertThat(run("shut-down-by-a-namesake", "before")).containsExactly("[]", "[]");
  }
}
