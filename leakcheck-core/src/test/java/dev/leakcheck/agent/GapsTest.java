package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a check could not look at is said, and costs nothing else. */
class GapsTest {

  @TempDir private Path directory;

  private List<String> run(String... steps) throws Exception {
    String agent = AgentJvm.option(directory);
    return new AgentJvm(directory, SymptomsChild.class).run(List.of(agent), steps);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void threadThatThrowsWhenItIsAskedHidesNothing() throws Exception {
    assertThat(run("lock-of-hostile-thread"))
        .anyMatch(line -> line.startsWith("1) held-lock "))
        .anyMatch(line -> line.startsWith("2) child-process "))
        .noneMatch(line -> line.contains("not seen"));
  }

  @Test
  void aPoolThatWasShutDownIsNotToldBesideAnOpenOneThoughItsClassCannotBeAsked() throws Exception {
    assertThat(run("closed-pool-that-overrides"))
        .filteredOn(line -> line.matches("\\d+\\) .*|.* why .*"))
        .hasSize(2)
        .anyMatch(line -> line.matches("1\\) .*OddPool@\\w+, never shut down"))
        .anyMatch(line -> line.contains("shutdown() was never called"));
  }

  @Test
  void aPoolThatIsOneByItsTypeAloneIsToldByItsThreads() throws Exception {
    assertThat(run("pool-for-its-type-alone"))
        .filteredOn(line -> line.matches("\\d+\\) .*"))
        .isEmpty();
  }

  @Test
  void agentThatIsNotWholeSaysSo() throws Exception {
    Path whole = Path.of(AgentJvm.placeOf(Agent.class));
    Path part = Files.createDirectory(directory.resolve("part"));
    try (Stream<Path> files = Files.walk(whole)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = part.resolve(whole.relativize(file).toString());
        if (!copy.endsWith("Installer.class")) {
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    String classPath =
        System.getProperty("java.class.path").replace(whole.toString(), part.toString());

    assertThat(
            new AgentJvm(directory, AgentChild.class, classPath)
                .run(List.of(AgentJvm.option(directory)), "parts"))
        .containsExactly(
            "nothing is recorded: the agent failed with java.lang.NoClassDefFoundError:"
                + " dev/leakcheck/agent/Installer");
  }

  @Test
  void exceptionsThatWereDroppedAreCounted() throws Exception {
    assertThat(run("many-failures"))
        .contains(
            "not seen: 7 exceptions that nobody saw and that may be the scope's: only the last 1000"
                + " of the JVM are kept");
  }
}
