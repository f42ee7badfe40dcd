package dev.leakcheck.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.JavaCommand;
import dev.leakcheck.SameOnEveryJdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In JVMs whose heap is far smaller than what they read. */
@SameOnEveryJdk
class DumpStreamingTest {

  private static String run(String kind, int number) throws IOException, InterruptedException {
    List<String> command = JavaCommand.begin();
    command.addAll(JavaCommand.AS_USERS_RUN_IT);
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", StreamingChild.class.getName()));
    command.addAll(List.of(kind, Integer.toString(number)));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      child.getOutputStream().close();
      String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
      return output.strip();
    } finally {
      child.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"json, 430000, 423858", "print, 340000, 335143"})
  void aDumpOf300MegabytesIsReadIn64(String kind, int threads, int largest)
      throws IOException, InterruptedException {
    assertThat(run(kind, threads))
        .isEqualTo(threads + " threads, largest group " + largest + ", 300 MB or more");
  }

  @Test
  void oneLineOf300MegabytesIsRefused() throws IOException, InterruptedException {
    assertThat(run("line", 300_000_000)).startsWith("refused");
  }
}
