package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left alone for good, and ticks, beside leaks. */
class MentionedTest {

  @TempDir private Path directory;

  @Test
  void itHoldsUpALeakOnceAndNotTheNextOneLikeIt() throws Exception {
    assertThat(
            new AgentJvm(directory, MentionedChild.class).run(List.of(AgentJvm.option(directory))))
        .containsExactly("ended by the clock: 0", "for ever: 1", "for ever again: 1 early");
  }
}
