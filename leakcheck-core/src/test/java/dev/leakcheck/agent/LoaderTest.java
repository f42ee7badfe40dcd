package dev.leakcheck.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agent recorded of a class loader's code does not keep the loader. */
class LoaderTest {

  @TempDir private Path directory;

  private List<String> run(String leaks, String outer) throws Exception {
    String agent = AgentJvm.option(directory);
    return new AgentJvm(directory, LoaderChild.class).run(List.of(agent), leaks, outer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alone", "outer"})
  void loaderOfCodeThatLeaksNothingIsCollected(String outer) throws Exception {
    assertThat(run("clean", outer)).containsExactly("loader gone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alone", "outer", "outer, virtual threads before"})
  void loaderOfCodeThatLeakedIsCollectedOnceTheLeaksAreGone(String outer) throws Exception {
    Stream<String> found =
        Stream.of(
                "unclosed-executor",
                "unclosed-executor",
                "21 unclosed-executor",
                "stray-thread",
                "21 stray-virtual-thread",
                "leftover-queue",
                "loader gone")
            .filter(line -> Jdk21.AVAILABLE || !line.startsWith("21 "))
            .map(line -> line.startsWith("21 ") ? line.substring(3) : line);

    assertThat(run("leak", outer)).containsExactlyElementsOf(found.toList());
  }
}
