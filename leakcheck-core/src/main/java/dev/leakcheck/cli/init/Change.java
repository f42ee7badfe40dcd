package dev.leakcheck.cli.init;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file as it is and as it would be. Immutable.
 *
 * @param file which
 * @param before its text, lines ending in {@code \n}, or null if there is no such file
 * @param after what it would be, or null if there would be none
 * @param crlf whether its lines end in {@code \r\n}
 */
public record Change(Path file, @Nullable String before, @Nullable String after, boolean crlf) {

  /** Whether anything would be otherwise. */
  boolean isOne() {
    return !Objects.equals(before, after);
  }

  /**
   * What is to be written.
   *
   * @return the text with the ends of lines that the file has
   */
  public String text() {
    String text = after == null ? "" : after;
    return crlf ? text.replace("\n", "\r\n") : text;
  }
}
