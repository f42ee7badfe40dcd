package dev.leakcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.leakcheck.SameOnEveryJdk;
import dev.leakcheck.cli.base.ExitCode;
import dev.leakcheck.cli.dump.DumpFuzz;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SameOnEveryJdk
class DumpFuzzTest {

  private static final long SEED = 20_260_101;
  private static final int TIMES = 10_000;
  private static final int THROUGH_MAIN = 400;

  /** A reader that hangs, or takes quadratic time, is far slower than this. */
  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void brokenDumpsAreReadOrRefusedInOneLine() {
    DumpFuzz fuzz = new DumpFuzz(SEED);
    for (int i = 0; i < TIMES; i++) {
      fuzz.readNext();
    }

    assertThat(fuzz.refused()).as("some are refused").isGreaterThan(TIMES / 20);
    assertThat(fuzz.read()).as("some are read").isGreaterThan(TIMES / 20);
  }

  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void theCommandNeverEndsOtherwiseThanItSays(@TempDir Path directory) throws IOException {
    DumpFuzz fuzz = new DumpFuzz(SEED + 1);
    Path file = directory.resolve("dump");
    for (int i = 0; i < THROUGH_MAIN; i++) {
      Files.write(file, fuzz.next());
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      String[] args =
          i % 2 == 0
              ? new String[] {"scan", "--dump", file.toString()}
              : new String[] {"scan", "--partial", "--json", "-", "--dump", file.toString()};
      int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
      if (code == ExitCode.BAD_INPUT) {
        assertThat(err.toString()).as("mutation %d", i).startsWith("leakcheck: " + file);
        assertThat(err.toString().strip().lines()).as("mutation %d", i).hasSize(1);
        assertThat(out.toString()).isEmpty();
      } else if (code == ExitCode.CLEAN || code == ExitCode.LEAKS) {
        assertThat(err.toString()).as("mutation %d", i).isEmpty();
        assertThat(out.toString()).isNotEmpty();
      } else {
        fail("exit code " + code + " of mutation " + i);
      }
    }
  }
}
