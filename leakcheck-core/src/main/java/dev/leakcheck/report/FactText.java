package dev.leakcheck.report;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Printable;
import java.util.List;
import java.util.Locale;

/** Lines and facts, one below the other; the keys of facts stand in a column. Not thread-safe. */
final class FactText {

  private static final int KEY_WIDTH = 10;
  private static final String INDENT = "     ";

  private final StringBuilder out = new StringBuilder();

  void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }

  void fact(Fact fact) {
    fact(fact.key(), fact.lines());
  }

  void fact(String key, String text) {
    fact(key, List.of(text));
  }

  /** Control characters in the lines are escaped. */
  void fact(String key, List<String> lines) {
    String head = INDENT + String.format(Locale.ROOT, "%-" + KEY_WIDTH + "s ", key);
    String next = " ".repeat(head.length());
    for (String text : lines) {
      line(head + Printable.escape(text));
      head = next;
    }
  }

  /** All lines, without a trailing line break. */
  String text() {
    return out.toString().stripTrailing();
  }
}
