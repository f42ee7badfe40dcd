package dev.leakcheck.cli.init;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file as it is and as it would be. Immutable.
 *
 * @param file which
 * @param before its text, or null if there is no such file
 * @param after what it would be, or null if there would be none
 * @param charset what it is written in
 */
public record Change(Path file, @Nullable String before, @Nullable String after, Charset charset) {

  /** Whether anything would be otherwise. */
  boolean isOne() {
    return !Objects.equals(before, after);
  }

  /**
   * What is to be written.
   *
   * @return the whole text
   */
  public String text() {
    return after == null ? "" : after;
  }
}
