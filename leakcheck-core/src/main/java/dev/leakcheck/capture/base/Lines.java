package dev.leakcheck.capture.base;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of which none is kept beyond a length, so that a file without line breaks does not
 * fill the memory. Lines end with {@code \n}, {@code \r} or both. Not thread-safe.
 */
public final class Lines {

  private static final int MAX_LINE = 1 << 20;
  private static final int BUFFER = 1 << 16;

  private final Reader in;
  private final char[] buffer = new char[BUFFER];
  private final StringBuilder begun = new StringBuilder();
  private int next;
  private int end;
  private boolean afterReturn;
  private boolean blankLast = true;

  /**
   * Lines of a text.
   *
   * @param in the text; it is not closed
   */
  public Lines(Reader in) {
    this.in = in;
  }

  /**
   * Whether the text ended with a line break, which is known at its end.
   *
   * @return false if its last line was cut short
   */
  public boolean endedWithBreak() {
    return blankLast;
  }

  /**
   * The next line.
   *
   * @return the line without its end, cut if it is too long, or null after the last one
   * @throws IOException if it can't be read
   */
  public @Nullable String next() throws IOException {
    begun.setLength(0);
    boolean any = false;
    while (true) {
      if (next == end) {
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        next = 0;
        if (end == 0) {
          blankLast = !any;
          return any ? begun.toString() : null;
        }
      }
      if (afterReturn) {
        afterReturn = false;
        if (buffer[next] == '\n') {
          next++;
          continue;
        }
      }
      int from = next;
      while (next < end && buffer[next] != '\n' && buffer[next] != '\r') {
        next++;
      }
      boolean whole = next < end;
      if (whole && begun.length() == 0) {
        String line = new String(buffer, from, Math.min(next - from, MAX_LINE));
        afterReturn = buffer[next++] == '\r';
        return line;
      }
      begun.append(buffer, from, Math.min(next - from, MAX_LINE - begun.length()));
      any = true;
      if (whole) {
        afterReturn = buffer[next++] == '\r';
        return begun.toString();
      }
    }
  }
}
