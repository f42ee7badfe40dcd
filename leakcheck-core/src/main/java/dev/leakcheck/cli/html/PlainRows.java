package dev.leakcheck.cli.html;

import dev.leakcheck.cli.base.Counts;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;

/** The findings as rows of a table, for a browser that runs no script. */
final class PlainRows {

  private static final int MAX_ROWS = 1_000;

  private PlainRows() {}

  static void write(Reports reports, Summary summary, Writer out) throws IOException {
    out.write("<h1>" + Text.markup(summary.verdict()) + "</h1>\n");
    out.write("<p>" + Text.markup(summary.detail()) + "</p>\n");
    for (String problem : reports.problems()) {
      out.write("<p>" + Text.markup(Text.line(problem)) + "</p>\n");
    }
    List<Group> groups = reports.groups();
    if (groups.isEmpty()) {
      return;
    }
    out.write("<table>\n<tr><th>Verdict<th>Kind<th>What was left<th>First found in<th>Times<th>Id");
    for (Group group : groups.subList(0, Math.min(MAX_ROWS, groups.size()))) {
      out.write("\n<tr>");
      cell(Summary.verdict(group).name().toLowerCase(Locale.ROOT), out);
      cell(group.kind().id(), out);
      cell(Text.line(group.first().title()), out);
      cell(Text.place(group.first()), out);
      cell(Counts.number(group.occurrences().size()), out);
      cell(Text.line(group.fingerprint()), out);
    }
    out.write("\n</table>\n");
    if (groups.size() > MAX_ROWS) {
      out.write("<p>and " + Counts.number(groups.size() - MAX_ROWS) + " more.</p>\n");
    }
  }

  private static void cell(String text, Writer out) throws IOException {
    out.write("<td>" + Text.markup(text));
  }
}
