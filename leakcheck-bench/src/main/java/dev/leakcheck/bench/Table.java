package dev.leakcheck.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A Markdown table. The first column holds text, the others figures. */
final class Table {

  private final StringBuilder markdown = new StringBuilder();
  private final int columns;

  Table(String... headers) {
    this.columns = headers.length;
    line(List.of(headers));
    List<String> rule = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      rule.add(i == 0 ? "---" : "---:");
    }
    line(rule);
  }

  Table row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(cells.length + " cells in a table of " + columns);
    }
    line(List.of(cells));
    return this;
  }

  private void line(List<String> cells) {
    markdown.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  String markdown() {
    return markdown.toString();
  }

  /** Three significant digits and no exponent: {@code 0.123}, {@code 12.3}, {@code 12,346}. */
  static String figure(double value) {
    double size = Math.abs(value);
    int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** How often one figure goes into another: {@code 1/57}, or {@code 2.5} if it is greater. */
  static String ratio(double ours, double theirs) {
    if (theirs <= 0) {
      return "–";
    }
    if (ours <= 0) {
      return "below noise";
    }
    return ours < theirs ? "1/" + figure(theirs / ours) : figure(ours / theirs);
  }

  /** An aim and whether it was met. */
  static String aim(String aim, boolean met) {
    return aim + (met ? ": met" : ": **missed**");
  }
}
