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
    String agent = AgentJvm.option(directory);
    return new AgentJvm(directory, GrowthChild.class).run(List.of(agent), steps);
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
    assertThat(String.join("\n", run("message")).replaceAll("pool-\\d+-", "pool-N-"))
        .isEqualTo(
            """
            message: 1
            LeakCheck: the test leaves more behind with its repetitions (waited T)

            1) growth   +1.0 executor per repetition, 6 after 6 repetitions
                 created at dev.leakcheck.agent.GrowthChild.pool(GrowthChild.java:LINE)
                            dev.leakcheck.agent.GrowthChild.run(GrowthChild.java:LINE)
                            dev.leakcheck.agent.GrowthChild.lambda$main$N(GrowthChild.java:LINE)
                            dev.leakcheck.agent.GrowthChild.main(GrowthChild.java:LINE)
                 left       1 2 3 4 5 6 after each repetition
                 executors  6 × ThreadPoolExecutor
                 workers    pool-N-thread-1, pool-N-thread-1, pool-N-thread-1, pool-N-thread-1, pool-N-thread-1 and 1 more (not daemon: they keep the JVM alive)
                 why        each repetition makes an executor that nobody shuts down: its threads add up
                 fix        shut the executor down where the code that makes it (GrowthChild.java:LINE) stops, or make one executor and share it
                 allow      @AllowLeaks(kind = LeakKind.GROWTH, createdBy = "dev.leakcheck.agent.GrowthChild", reason = "…")
                 id         FINGERPRINT

            agent tier · JDK N · LeakCheck VERSION""");
  }
}
