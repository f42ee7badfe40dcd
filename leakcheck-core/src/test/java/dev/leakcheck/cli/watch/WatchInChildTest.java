package dev.leakcheck.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.JavaCommand;
import dev.leakcheck.Jdk21;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A JVM watches another, which leaks or works between one sample and the next because it is told
 * to: how fast either is does not matter.
 */
class WatchInChildTest {

  @TempDir private Path directory;

  private static List<String> java(List<String> flags, Class<?> main, String... args) {
    List<String> command = JavaCommand.begin();
    command.addAll(flags);
    command.add(main.getName());
    command.addAll(List.of(args));
    return command;
  }

  /** The process that is watched. */
  private static final class Server implements AutoCloseable {
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    Server(String... flags) throws IOException {
      process =
          new ProcessBuilder(java(List.of(flags), LeakyChild.class))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      commands = process.outputWriter(StandardCharsets.UTF_8);
      answers = process.inputReader(StandardCharsets.UTF_8);
      assertThat(answers.readLine()).isEqualTo("ready");
    }

    void tell(String command) {
      try {
        commands.write(command + "\n");
        commands.flush();
        assertThat(answers.readLine()).isEqualTo("done");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      commands.close();
    }
  }

  /** Watches in a JVM of its own, since it needs what the command line's jar opens. */
  private List<String> watch(Server server, String command, String... options) throws Exception {
    List<String> args = new ArrayList<>();
    args.add(Long.toString(server.process.pid()));
    args.add(command);
    args.addAll(List.of(options));
    File errors = directory.resolve("errors.txt").toFile();
    Process watcher =
        new ProcessBuilder(
                java(
                    List.of("--add-exports=jdk.attach/sun.tools.attach=ALL-UNNAMED"),
                    WatcherChild.class,
                    args.toArray(String[]::new)))
            .redirectError(errors)
            .start();
    List<String> printed = new ArrayList<>();
    try (BufferedReader out = watcher.inputReader(StandardCharsets.UTF_8);
        Writer in = watcher.outputWriter(StandardCharsets.UTF_8)) {
      for (String line; (line = out.readLine()) != null; ) {
        if (line.equals("next: " + command)) {
          if (command.equals("end")) {
            server.process.destroyForcibly().waitFor();
          } else {
            server.tell(command);
          }
          in.write("\n");
          in.flush();
        } else {
          printed.add(line);
        }
      }
    }
    assertThat(watcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    printed.addAll(Files.readAllLines(errors.toPath()));
    printed.add("exit " + watcher.exitValue());
    return printed;
  }

  @Test
  void aThreadMoreWithEachSampleCrossesTheLimit() throws Exception {
    try (Server server = new Server()) {
      List<String> printed = watch(server, "leak", "--max-growth", "3");

      assertThat(printed)
          .anyMatch(
              line ->
                  line.replaceAll(":\\d+\\)", ":LINE)")
                      .endsWith(
                          "\"session-*\""
                              + (Jdk21.AVAILABLE ? " (virtual)" : "")
                              + "  waiting in CountDownLatch.await(), without a time limit  at"
                              + " dev.leakcheck.cli.watch.LeakyChild.serve(LeakyChild.java:LINE): grows"
                              + " by 4 to 4 threads in 4 samples"))
          .contains(
              "limit crossed: --max-growth 3: \"session-*\" grew by 4 threads to 4", "exit 1");
    }
  }

  @Test
  void aJvmThatOnlyWorksPasses() throws Exception {
    try (Server server = new Server()) {
      assertThat(watch(server, "work", "--max-growth", "0"))
          .noneMatch(line -> line.contains("grows by"))
          .contains("no group of threads grows", "exit 0");
    }
  }

  @Test
  void aProcessThatEndsIsSummedUp() throws Exception {
    try (Server server = new Server()) {
      assertThat(watch(server, "end", "--max-growth", "0"))
          .anyMatch(line -> line.endsWith(", 1 sample: the process has ended"))
          .contains("exit 0");
    }
  }
}
