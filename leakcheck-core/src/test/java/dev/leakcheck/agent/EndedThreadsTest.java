package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a thread held that ended while a check waited for it is nobody's any more. */
class EndedThreadsTest {

  @TempDir private Path directory;

  private List<String> run(String... steps) throws Exception {
    String agent = AgentJvm.option(directory);
    return new AgentJvm(directory, EndedThreadsChild.class).run(List.of(agent), steps);
  }

  @Test
  void queueThatAnEndedThreadHeldPasses() throws Exception {
    assertThat(run("queue")).containsExactly("queue: nothing");
  }

  @Test
  void queueThatAnEndedTaskOfAnOlderPoolHeldPasses() throws Exception {
    assertThat(run("queue-task")).containsExactly("queue-task: nothing");
  }

  @Test
  void lockThatAnEndedThreadHeldPasses() throws Exception {
    assertThat(run("lock")).containsExactly("lock: nothing");
  }
}
