package dev.leakcheck.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.JavaCommand;
import dev.leakcheck.agent.AgentJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the agent, scopes that overlap and nest each report just what was left in them. */
class StressTest {

  private static final String SECONDS = "6";
  private static final String SEED = "20240229";

  @TempDir private Path directory;

  @Test
  void everyScopeReportsItsOwnLeaksAndNoOthers() throws Exception {
    List<String> flags = new ArrayList<>(JavaCommand.AS_USERS_RUN_IT);
    flags.add(AgentJvm.option(directory));
    flags.add("-Xmx512m");

    List<String> lines = new AgentJvm(directory, StressChild.class).run(flags, SECONDS, SEED);

    assertThat(lines).contains("seed " + SEED, "missed 0", "accused 0").doesNotContain("found 0");
  }
}
