package dev.leakcheck.cli;

import dev.leakcheck.cli.base.BadInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What an option says of where to write: a file, or {@code -} for the standard output. */
final class OutputTarget {

  private static final String STANDARD_OUTPUT = "-";

  private OutputTarget() {}

  /** Whether it is the standard output. Nothing is written where none is given. */
  static boolean isStandard(@Nullable String target) {
    return STANDARD_OUTPUT.equals(target);
  }

  /**
   * Writes there. A file is written whole or not at all.
   *
   * @param target what the option says, or null if it is not given
   * @param out the standard output
   * @param text what
   * @throws BadInput if it can't be written
   */
  static void write(@Nullable String target, PrintWriter out, OutputFile.Text text) {
    if (target == null) {
      return;
    }
    if (!isStandard(target)) {
      OutputFile.write(Path.of(target), text);
      return;
    }
    try {
      text.writeTo(out);
    } catch (IOException e) {
      throw new BadInput("the standard output can't be written: " + e.getMessage(), e);
    }
    out.flush();
  }
}
