package dev.leakcheck.cli.dump;

import dev.leakcheck.cli.base.StatusLine;
import java.io.Console;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows on a terminal how far the reading of a file has come: percent, speed and how long it will
 * still take. Shows nothing for what is read in a moment. Not thread-safe.
 */
public final class Progress extends FilterInputStream {

  private static final long QUIET_NANOS = 500_000_000;
  private static final long BETWEEN_NANOS = 200_000_000;
  private static final double MEGABYTE = 1e6;
  private static final int BAR = 24;

  private final StatusLine status;
  private final String what;
  private final long total;
  private final LongSupplier nanoTime;
  private final long start;
  private long next;
  private long done;

  private Progress(
      InputStream in, PrintWriter terminal, String what, long total, LongSupplier nanoTime) {
    super(in);
    this.status = new StatusLine(terminal);
    this.what = what;
    this.total = total;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.next = start + QUIET_NANOS;
  }

  /**
   * Counts what is read.
   *
   * @param in what is read
   * @param terminal where it is shown, or null if there is no terminal
   * @param what what is read, in a word or two
   * @param total its size in bytes, or 0 if it is not known
   * @return the stream to read from
   */
  public static InputStream of(
      InputStream in, @Nullable PrintWriter terminal, String what, long total) {
    return terminal == null ? in : of(in, terminal, what, total, System::nanoTime);
  }

  static Progress of(
      InputStream in, PrintWriter terminal, String what, long total, LongSupplier nanoTime) {
    return new Progress(in, terminal, what, total, nanoTime);
  }

  /**
   * Whether standard output and error are a person's terminal. Since Java 22 a console is there
   * without one.
   *
   * @return true if they are
   */
  @SuppressWarnings("SystemConsoleNull") // asked below
  public static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    if (read >= 0) {
      count(1);
    }
    return read;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = super.read(bytes, from, length);
    if (read > 0) {
      count(read);
    }
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    long skipped = super.skip(bytes);
    count(skipped);
    return skipped;
  }

  private void count(long bytes) {
    done += bytes;
    long now = nanoTime.getAsLong();
    if (now - next >= 0) {
      next = now + BETWEEN_NANOS;
      status.show(line(now - start));
    }
  }

  private String line(long nanos) {
    double seconds = Math.max(1e-9, nanos / 1e9);
    double speed = done / seconds;
    String rate = String.format(Locale.ROOT, "%.0f MB/s", speed / MEGABYTE);
    if (total <= 0 || done > total) {
      return String.format(Locale.ROOT, "%s  %.0f MB  %s", what, done / MEGABYTE, rate);
    }
    int filled = (int) (BAR * done / total);
    return String.format(
        Locale.ROOT,
        "%s  [%s%s] %3d%%  %s  %s left",
        what,
        "#".repeat(filled),
        "-".repeat(BAR - filled),
        100 * done / total,
        rate,
        time((total - done) / speed));
  }

  private static String time(double seconds) {
    long whole = (long) Math.ceil(seconds);
    return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }

  @Override
  public void close() throws IOException {
    status.clear();
    super.close();
  }
}
