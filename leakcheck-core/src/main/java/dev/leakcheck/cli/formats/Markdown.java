package dev.leakcheck.cli.formats;

import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.ReportEntry.Leak;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Markdown for the summary of a CI job, in what GitHub's and GitLab's flavours have in common. What
 * others chose stands in {@code <code>} elements and fenced blocks alone, where it is neither
 * markup nor a mention. GitHub takes a summary of up to 1 MiB and drops a longer one.
 */
public final class Markdown implements Format {

  /** How long it may get, in bytes of UTF-8. */
  static final int MAX_BYTES = 1_000_000;

  /** How much of that the table of those that fail may take, and that of the accepted ones. */
  private static final int MAX_TABLE = 250_000;

  private static final int MAX_MESSAGE = 20_000;
  private static final int SHORTEST_FENCE = 3;
  private static final String PLAIN = " .,:-()/;\"'";

  /** Writes Markdown. */
  public Markdown() {}

  @Override
  public void write(Reports reports, Writer out) throws IOException {
    Totals totals = Totals.of(reports);
    Budget budget = new Budget(out);
    budget.write("## LeakCheck: " + totals.found() + "\n\n");
    budget.write(
        Totals.count(totals.checks(), "check")
            + " in "
            + Totals.count(totals.jvms(), "JVM")
            + "\n");
    problems(reports.problems(), budget);
    List<Group> failing = reports.groups().stream().filter(Group::isFailing).toList();
    List<Group> accepted = reports.groups().stream().filter(group -> !group.isFailing()).toList();
    if (!failing.isEmpty()) {
      table(failing, "| Kind | What | Where | Found | Id |\n|---|---|---|---|---|\n", budget);
      // The accepted ones come last and must not be crowded out.
      messages(failing, MAX_BYTES - (accepted.isEmpty() ? 1_000 : MAX_TABLE + 1_000), budget);
    }
    if (!accepted.isEmpty()) {
      budget.write("\n<details><summary>" + accepted.size() + " accepted</summary>\n");
      table(
          accepted,
          "| Kind | What | Where | Found | Id | Accepted |\n|---|---|---|---|---|---|\n",
          budget);
      budget.write("\n</details>\n");
    }
  }

  private static void problems(List<String> problems, Budget budget) throws IOException {
    if (problems.isEmpty()) {
      return;
    }
    budget.write("\n");
    int limit = budget.written + MAX_TABLE / 5;
    int shown = 0;
    for (String problem : problems) {
      if (!budget.writeIfBelow(limit, "- " + code(problem) + "\n")) {
        budget.write("- and " + (problems.size() - shown) + " more like these\n");
        return;
      }
      shown++;
    }
  }

  private static void table(List<Group> groups, String head, Budget budget) throws IOException {
    budget.write("\n" + head);
    int limit = budget.written + MAX_TABLE;
    int shown = 0;
    for (Group group : groups) {
      if (!budget.writeIfBelow(limit, row(group))) {
        budget.write("\nand " + (groups.size() - shown) + " more\n");
        return;
      }
      shown++;
    }
  }

  private static String row(Group group) {
    Leak leak = Texts.telling(group);
    String acceptance = Texts.acceptance(leak);
    StringBuilder row = new StringBuilder("| ").append(group.kind().id()).append(" | ");
    row.append(code(cut(Texts.title(leak)))).append(" | ");
    row.append(code(cut(Texts.place(leak)))).append(" | ").append(found(group)).append(" | ");
    row.append(code(cut(Printable.escape(group.fingerprint())))).append(" |");
    if (!group.isFailing()) {
      row.append(' ').append(code(cut(acceptance))).append(" |");
    }
    return row.append('\n').toString();
  }

  private static String cut(String text) {
    int most = 2 * Printable.MAX_NAME;
    return text.length() <= most ? text : text.substring(0, end(text, most)) + "…";
  }

  private static int end(String text, int most) {
    return Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
  }

  /** How often, and in which tests. */
  private static String found(Group group) {
    Map<String, Integer> scopes = Texts.scopes(group);
    Iterator<String> names = scopes.keySet().iterator();
    String first = code(cut(names.next()));
    String times = group.occurrences().size() == 1 ? "" : group.occurrences().size() + " times, ";
    return times
        + first
        + (scopes.size() == 1 ? "" : " and " + Totals.count(scopes.size() - 1, "other test"));
  }

  private static void messages(List<Group> groups, int limit, Budget budget) throws IOException {
    int shown = 0;
    for (Group group : groups) {
      Leak leak = Texts.telling(group);
      String acceptance = Texts.acceptance(leak);
      String message = Texts.message(group, leak);
      if (message.length() > MAX_MESSAGE) {
        message = message.substring(0, end(message, MAX_MESSAGE)) + "…";
      }
      String block =
          "\n<details><summary>"
              + group.kind().id()
              + " "
              + code(cut(Texts.title(leak)))
              + "</summary>\n\n"
              + (acceptance.isEmpty() ? "" : code(acceptance) + "\n\n")
              + fenced(message)
              + "\n\n</details>\n";
      if (!budget.writeIfBelow(limit, block)) {
        budget.write(
            "\nand the messages of " + (groups.size() - shown) + " more, which do not fit here\n");
        return;
      }
      shown++;
    }
  }

  /**
   * Text within a line, in a table or an HTML block just as well: every character that could mean
   * something in any of them is a character reference.
   */
  static String code(String text) {
    StringBuilder html = new StringBuilder("<code>");
    String escaped = Printable.escape(text);
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      boolean plain = Character.isLetterOrDigit(c) || c > 0x7f || PLAIN.indexOf(c) >= 0;
      plain &= !isLink(escaped, i);
      html.append(plain ? String.valueOf(c) : "&#" + (int) c + ";");
    }
    return html.append("</code>").toString();
  }

  /** The colon of {@code https://}, or the dot of {@code www.}. */
  private static boolean isLink(String text, int i) {
    return text.charAt(i) == ':'
        ? text.startsWith("/", i + 1)
        : text.charAt(i) == '.' && text.regionMatches(true, i - 3, "www", 0, 3);
  }

  /** A block of text, whatever is in it. */
  static String fenced(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    String fence = "`".repeat(Math.max(SHORTEST_FENCE, longest + 1));
    return fence + "text\n" + text + "\n" + fence;
  }

  /** Counts what is written. */
  private static final class Budget {

    private final Writer out;
    private int written;

    Budget(Writer out) {
      this.out = out;
    }

    void write(String text) throws IOException {
      out.write(text);
      written += bytes(text);
    }

    boolean writeIfBelow(int limit, String text) throws IOException {
      if (written + bytes(text) > limit) {
        return false;
      }
      write(text);
      return true;
    }

    private static int bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
  }
}
