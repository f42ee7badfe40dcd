package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user's probe shows, where code of several scopes runs at the same time. */
class ProbesTest {

  @TempDir private Path directory;

  @Test
  void scopesThatOverlapSayThatTheOneAroundThemAnswers() throws Exception {
    assertThat(new AgentJvm(directory, ProbesChild.class).run(List.of(AgentJvm.option(directory))))
        .containsExactly(
            "alone [held-lease]",
            "other []",
            "one []",
            "other [] not told",
            "one [] not told",
            "around [held-lease]");
  }
}
