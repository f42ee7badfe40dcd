package dev.leakcheck.cli.base;

import java.io.PrintWriter;

/** One line on a terminal that is written over, and taken away at the end. Not thread-safe. */
public final class StatusLine {

  private final PrintWriter terminal;
  private int shown;

  /**
   * A line that shows nothing yet.
   *
   * @param terminal where it is shown
   */
  public StatusLine(PrintWriter terminal) {
    this.terminal = terminal;
  }

  /**
   * Shows something in place of what was shown.
   *
   * @param line what
   */
  public void show(String line) {
    terminal.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
    terminal.flush();
    shown = line.length();
  }

  /** Takes away what is shown. */
  public void clear() {
    if (shown > 0) {
      terminal.print("\r" + " ".repeat(shown) + "\r");
      terminal.flush();
      shown = 0;
    }
  }
}
