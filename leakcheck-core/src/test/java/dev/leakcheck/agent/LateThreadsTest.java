package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that are started while a check waits, with the agent and without. */
class LateThreadsTest {

  @TempDir private Path directory;

  /** One after the other in one JVM, and so that no name is that of an older family. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theyAreToldUnlessTheyEndOrAreOfAnOlderFamily(boolean agent) throws Exception {
    List<String> flags = agent ? List.of(AgentJvm.option(directory)) : List.of();

    assertThat(
            new AgentJvm(directory, LateThreadsChild.class)
                .run(flags, "same-stem", "other-stem", "ends", "renamed", "of-older-family"))
        .containsExactly("[job-1, job-2]", "[left, right]", "[]", "[task]", "[]");
  }
}
