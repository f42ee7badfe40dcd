package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has a known library's package is the library's if it comes as libraries do: in a jar. */
class LibrarysOwnTestsTest {

  private static final String POOLS =
      """
      package io.netty.sample;

      import java.util.concurrent.*;

      public class Pools {
        private static Object last;

        public static void make() {
          last = new Object[] {new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>())};
        }
      }
      """;

  private static final String TESTS = "package io.netty.sample; public class PoolsTest {}";

  @TempDir private Path directory;
  private Path pools;
  private Path tests;

  @BeforeEach
  void compile() throws IOException {
    pools = compiled("Pools", POOLS);
    tests = compiled("PoolsTest", TESTS);
  }

  private Path compiled(String name, String text) throws IOException {
    Path classes = Files.createDirectory(directory.resolve(name));
    Path source = Files.writeString(directory.resolve(name + ".java"), text);
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", classes.toString(), source.toString());
    assertThat(failed).isZero();
    return classes;
  }

  private List<String> told(Path... classPath) throws Exception {
    StringBuilder all = new StringBuilder(System.getProperty("java.class.path"));
    for (Path entry : classPath) {
      all.append(File.pathSeparator).append(entry);
    }
    return new AgentJvm(directory, LibrarysOwnTestsChild.class, all.toString())
        .run(List.of(AgentJvm.option(directory)));
  }

  private Path jar(Path classes) throws IOException {
    return AgentJvm.write(directory.resolve("some.jar"), new Manifest(), classes);
  }

  @Test
  void whatTheTestsThemselvesMakeIsTold() throws Exception {
    assertThat(told(pools, tests)).containsExactly("unclosed-executor");
  }

  @Test
  void testsInAJarAreNoLibrary() throws Exception {
    Path pool = Path.of("io", "netty", "sample", "Pools.class");
    Files.copy(pools.resolve(pool), tests.resolve(pool));

    assertThat(told(jar(tests))).containsExactly("unclosed-executor");
  }

  @Test
  void whatTheLibraryMakesForItselfAndHasNoThreadIsLeftAlone() throws Exception {
    assertThat(told(jar(pools), tests)).isEmpty();
  }
}
