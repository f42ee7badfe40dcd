package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What grows, where an agent tells who made what. Whatever a child prints is compared whole. */
class GrowthWithAgentTest {

  @TempDir private Path directory;

  private List<String> run(String... steps) throws Exception {
    String agent = "-javaagent:" + AgentJvm.manifestOnly(Agent.class, directory);
    return new AgentJvm(directory, GrowthChild.class, System.getProperty("java.class.path"))
        .run(List.of(agent), steps);
  }

  @Test
  void whatIsMadeAtOnePlaceIsOneFinding() throws Exception {
    assertThat(run("thread", "two-places", "queue"))
        .containsExactly(
            "thread: 1",
            "  +1.0 thread per repetition, 6 after 6 repetitions",
            "two-places: 2",
            "  +1.0 executor per repetition, 6 after 6 repetitions",
            "  +1.0 executor per repetition, 6 after 6 repetitions",
            "queue: 1",
            "  +1.0 queued element per repetition, 6 after 6 repetitions");
  }

  @Test
  void whatIsGoneOrHappenedOncePasses() throws Exception {
    assertThat(run("unreachable-queue", "queue-once", "dropped-pool", "closed-pool"))
        .containsExactly(
            "unreachable-queue: 0", "queue-once: 0", "dropped-pool: 0", "closed-pool: 0");
  }

  @Test
  void messageTellsWhereItIsMade() throws Exception {
    assertThat(String.join("\n", run("message"))).isEqualTo("");
  }
}
