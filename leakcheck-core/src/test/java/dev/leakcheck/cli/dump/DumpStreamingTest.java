package dev.leakcheck.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In JVMs whose heap is far smaller than what they read. */
class DumpStreamingTest {

  private static String run(String kind, int number) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                StreamingChild.class.getName(),
                kind,
                Integer.toString(number))
            .redirectErrorStream(true)
            .start();
    try {
      child.getOutputStream().close();
      String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return output.strip();
    } finally {
      child.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"json, 340000, 291428", "print, 340000, 291428"})
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
