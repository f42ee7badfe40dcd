package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that does not record all threads: whose things are is told by time. */
class PartialAgentTest {

  @TempDir private Path directory;

  private List<String> run(String... steps) throws Exception {
    String agent = AgentJvm.option(directory);
    return new AgentJvm(directory, SymptomsChild.class)
        .run(List.of(agent + "=without=threads"), steps);
  }

  @Test
  void executorThatAWrapperInAFieldHidBeforeAPauseIsFound() throws Exception {
    Jdk21.assume();

    assertThat(run("wrapper-before-pause"))
        .anyMatch(line -> line.startsWith("1) unclosed-executor "))
        .anyMatch(line -> line.startsWith("agent tier"))
        .contains("not seen: threads are not recorded: the agent was told to leave them out");
  }
}
