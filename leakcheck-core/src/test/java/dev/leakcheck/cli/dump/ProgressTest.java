package dev.leakcheck.cli.dump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final int MEGABYTE = 1_000_000;

  private final StringWriter terminal = new StringWriter();
  private final AtomicLong now = new AtomicLong();

  private InputStream reading(int size, long total) {
    return Progress.of(
        new ByteArrayInputStream(new byte[size]),
        new PrintWriter(terminal),
        "reading it",
        total,
        now::get);
  }

  private void read(InputStream in, int bytes, long millis) throws IOException {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    in.readNBytes(bytes);
  }

  @Test
  void showsPercentSpeedAndTimeLeftInOneLine() throws IOException {
    try (InputStream in = reading(40 * MEGABYTE, 40 * MEGABYTE)) {
      read(in, 10 * MEGABYTE, 1000);

      assertThat(terminal.toString())
          .startsWith("\rreading it  [------------------------]   0%  ")
          .endsWith(" left")
          .doesNotContain("\n");
      terminal.getBuffer().setLength(0);
      read(in, 10 * MEGABYTE, 1000);
      read(in, 0, 200);
      in.read();

      assertThat(terminal.toString()).contains("[############------------]  50%  9 MB/s  3 s left");
    }
    assertThat(terminal.toString()).endsWith("\r").doesNotContain("\n");
  }

  @Test
  void whatIsReadInAMomentIsNotShown() throws IOException {
    try (InputStream in = reading(MEGABYTE, MEGABYTE)) {
      read(in, MEGABYTE, 100);
    }

    assertThat(terminal.toString()).isEmpty();
  }

  @Test
  void withoutASizeOnlyWhatWasReadIsShown() throws IOException {
    try (InputStream in = reading(4 * MEGABYTE, 0)) {
      read(in, 2 * MEGABYTE, 400);
      read(in, 0, 600);
      in.read();

      assertThat(terminal.toString()).contains("reading it  2 MB  2 MB/s");
    }
  }

  @Test
  void nothingIsWrappedWithoutATerminal() {
    InputStream in = new ByteArrayInputStream(new byte[0]);

    assertThat(Progress.of(in, null, "reading it", 1)).isSameAs(in);
    assertThat(Progress.isTerminal()).isFalse();
  }
}
