package dev.leakcheck.cli.html;

import dev.leakcheck.cli.base.Counts;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Leak;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Other people's text, made fit to be shown: visible, of bounded length. */
final class Text {

  private static final int MAX_LINE = 1_000;
  private static final int MAX_BLOCK = 20_000;

  private Text() {}

  /** One line, in which control characters are seen. */
  static String line(String text) {
    return Printable.escape(cut(text, MAX_LINE));
  }

  /** Several lines, in each of which control characters are seen. */
  static String block(String text) {
    return cut(text, MAX_BLOCK).lines().map(Printable::escape).collect(Collectors.joining("\n"));
  }

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end)
        + "… ("
        + Counts.number(text.length() - end)
        + " more characters)";
  }

  /** Text as HTML, in an element or an attribute in double quotes. */
  static String markup(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Where a leak was found, for a person. */
  static String place(Leak leak) {
    return place(leak.scope(), leak.type(), leak.method());
  }

  /** What was checked, for a person. */
  static String place(Check check) {
    return place(check.scope(), check.type(), check.method());
  }

  private static String place(String scope, @Nullable String type, @Nullable String method) {
    if (!scope.isBlank()) {
      return line(scope);
    }
    return line((type == null ? "" : type) + (method == null ? "" : "." + method));
  }

  static String time(Duration time) {
    long millis = time.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    return String.format(Locale.ROOT, "%d min %d s", millis / 60_000, millis / 1000 % 60);
  }
}
