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

/** Executors that nobody refers to and nobody stopped, whenever the collector comes upon them. */
class CollectedExecutorsTest {

  @TempDir private Path directory;

  private List<String> run(String leak, String when) throws Exception {
    return new AgentJvm(directory, CollectedExecutorsChild.class)
        .run(List.of(AgentJvm.option(directory)), leak, when);
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "single-unused", "cached", "timing-out", "per-task"})
  void oneThatWasNeverShutDownIsTheSameLeakWheneverItIsCollected(String leak) throws Exception {
    if (leak.equals("per-task")) {
      Jdk21.assume();
    }
    List<List<String>> told = new ArrayList<>();
    for (String when : List.of("before", "during", "after")) {
      // When a virtual thread that is parked is collected is the JVM's to say.
      if (!leak.equals("per-task") || !when.equals("before")) {
        told.add(run(leak, when));
      }
    }

    assertThat(told)
        .allSatisfy(
            lines -> {
              assertThat(lines).isEqualTo(told.get(0));
              assertThat(lines.get(0)).matches("\\[unclosed-executor [0-9a-f]{16}]");
              assertThat(lines.subList(1, lines.size())).containsExactly("[]");
            });
  }

  @Test
  void oneThatWasShutDownPassesThoughItIsCollected() throws Exception {
    assertThat(run("shut-down", "before")).containsExactly("[]", "[]");
    assertThat(run("shut-down", "during")).containsExactly("[]", "[]");
  }

  @Test
  void whoeverIsCalledAsTheCollectorsThreadsAreIsSomebodyAllTheSame() throws Exception {
    assertThat(run("shut-down-by-a-namesake", "before")).containsExactly("[]", "[]");
  }
}
