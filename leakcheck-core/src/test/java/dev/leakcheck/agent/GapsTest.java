package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a check could not look at is said, and costs nothing else. */
class GapsTest {

  @TempDir private Path directory;

  private List<String> run(String... steps) throws Exception {
    String agent = "-javaagent:" + AgentJvm.manifestOnly(Agent.class, directory);
    return new AgentJvm(directory, SymptomsChild.class, System.getProperty("java.class.path"))
        .run(List.of(agent), steps);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void threadThatThrowsWhenItIsAskedCostsOneKindOnly() throws Exception {
    assertThat(run("lock-of-hostile-thread"))
        .anyMatch(line -> line.startsWith("1) child-process "))
        .contains(
            "not seen: held-lock was not looked for: that failed with"
                + " java.lang.IllegalStateException: mine");
  }

  @Test
  void exceptionsThatWereDroppedAreCounted() throws Exception {
    assertThat(run("many-failures"))
        .contains(
            "not seen: 7 exceptions that nobody saw and that may be the scope's: only the last 1000"
                + " of the JVM are kept");
  }
}
