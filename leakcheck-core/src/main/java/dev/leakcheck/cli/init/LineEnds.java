package dev.leakcheck.cli.init;

/** What the lines of a file end in. */
final class LineEnds {

  private LineEnds() {}

  /** The end of its first line. */
  static String of(String text) {
    int end = text.indexOf('\n');
    return end > 0 && text.charAt(end - 1) == '\r' ? "\r\n" : "\n";
  }

  /** What has to stand between a text and a line that is added to it. */
  static String before(String text) {
    return text.isEmpty() || text.endsWith("\n") ? "" : of(text);
  }
}
