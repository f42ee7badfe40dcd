package dev.leakcheck.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.agent.AgentJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vendor.works.Works;

/**
 * Tasks in a pool that a class keeps for everybody: whoever gave them answers, also if the same
 * test was the first to use the class.
 */
class KeptPoolsTest {

  @TempDir private Path directory;

  private List<String> run(String... steps) throws Exception {
    Path jar = directory.resolve("vendor.jar");
    Path classes = Path.of(AgentJvm.placeOf(Works.class));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name : List.of("Works", "Works$Source", "Works$Reading")) {
        String file = "vendor/works/" + name + ".class";
        out.putNextEntry(new JarEntry(file));
        Files.copy(classes.resolve(file), out);
      }
    }
    String classPath = jar + File.pathSeparator + System.getProperty("java.class.path");
    return new AgentJvm(directory, KeptPoolsChild.class, classPath)
        .run(List.of(AgentJvm.option(directory)), steps);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"given", "given-to-a-class", "stuck", "stuck-in-a-future", "stuck-in-a-lazy-pool"})
  void taskIsTheTestsThoughItsPoolIsEverybodys(String step) throws Exception {
    assertThat(run(step)).containsExactly(step + " [leftover-task]");
    assertThat(run("ended-in-time", step)).last().isEqualTo(step + " [leftover-task]");
  }

  @Test
  void executorOfTheTestsOwnIsToldWithItsTasks() throws Exception {
    assertThat(run("given-to-ones-own")).containsExactly("given-to-ones-own [unclosed-executor]");
  }

  @Test
  void whatEndsOrIsTheLibrarysOwnOrOnlyCallsTheTestPasses() throws Exception {
    assertThat(run("ended-in-time", "librarys", "called-back"))
        .containsExactly("ended-in-time []", "librarys []", "called-back []");
    assertThat(run("librarys")).containsExactly("librarys []");
    assertThat(run("called-back")).containsExactly("called-back []");
  }

  @Test
  void messageSaysThatTheExecutorIsKeptForEverybody() throws Exception {
    assertThat(String.join("\n", run("message")))
        .contains("1) leftover-task   ", " still runs in ThreadPoolExecutor@")
        .containsPattern(
            "executor   ThreadPoolExecutor@[0-9a-f]+, kept for everybody and not shut down");
  }
}
