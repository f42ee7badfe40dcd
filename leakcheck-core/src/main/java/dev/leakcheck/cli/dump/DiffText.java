package dev.leakcheck.cli.dump;

import static dev.leakcheck.cli.dump.Words.count;

import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Tells a person what came, went and grew between two dumps. */
public final class DiffText {

  private final DumpDiff diff;
  private final int top;
  private final List<String> lines = new ArrayList<>();

  private DiffText(DumpDiff diff, int top) {
    this.diff = diff;
    this.top = top;
  }

  /**
   * Writes all.
   *
   * @param diff the difference
   * @param before what the first dump is called
   * @param after what the second dump is called
   * @param crossed limits that are crossed, each in a clause
   * @param top how many groups of each sort are shown at the most
   * @param out where to
   */
  public static void write(
      DumpDiff diff, String before, String after, List<String> crossed, int top, PrintWriter out) {
    DiffText text = new DiffText(diff, top);
    text.head(before, after, crossed);
    text.section("Came", row -> row.before() == 0);
    text.section("Grew", row -> row.before() > 0 && row.after() > row.before());
    text.section("Shrank", row -> row.after() > 0 && row.after() < row.before());
    text.section("Went", row -> row.after() == 0);
    text.executors();
    text.notes();
    text.lines.forEach(out::println);
    out.flush();
  }

  private void head(String before, String after, List<String> crossed) {
    int from = diff.before().population().threads();
    int to = diff.after().population().threads();
    String than =
        to == from ? "as many" : to > from ? (to - from) + " more" : (from - to) + " fewer";
    lines.add(
        "LeakCheck: "
            + than
            + " threads in "
            + Printable.escape(after)
            + " ("
            + to
            + (to == from ? ") as in " : ") than in ")
            + Printable.escape(before)
            + " ("
            + from
            + ")"
            + (diff.groups().isEmpty() && diff.executors().isEmpty()
                ? ": nothing that counts came, went or grew"
                : ""));
    crossed.forEach(limit -> lines.add("limit crossed: " + limit));
    if (!diff.deadlocks().isEmpty()) {
      lines.add(
          count(diff.deadlocks().size(), "deadlock")
              + " in "
              + Printable.escape(after)
              + ": see leakcheck scan --dump");
    }
  }

  private void section(String title, Predicate<DumpDiff.Row> which) {
    List<DumpDiff.Row> rows = new ArrayList<>(diff.groups().stream().filter(which).toList());
    if (rows.isEmpty()) {
      return;
    }
    if (rows.get(0).growth() < 0) {
      Collections.reverse(rows); // those that changed most come first
    }
    lines.add("");
    lines.add(title);
    for (DumpDiff.Row row : rows.subList(0, Math.min(top, rows.size()))) {
      lines.add(change(row.before(), row.after()) + Words.group(row.cohort()));
      lines.addAll(Words.where(row.cohort()));
    }
    if (rows.size() > top) {
      lines.add("        and " + count(rows.size() - top, "more group") + " (--top N shows more)");
    }
  }

  private static String change(int before, int after) {
    return String.format(Locale.ROOT, "%6d → %-6d ", before, after);
  }

  private void executors() {
    if (diff.executors().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("Executors");
    diff.executors().stream()
        .limit(top)
        .forEach(
            row ->
                lines.add(
                    change(row.before(), row.after())
                        + Printable.escape(Words.simple(row.type()))
                        + (row.names().isEmpty()
                            ? "  without threads, or of threads without names"
                            : "  " + Printable.name(row.names()))
                        + "  threads "
                        + row.threadsBefore()
                        + " → "
                        + row.threadsAfter()));
    if (diff.executors().size() > top) {
      lines.add("        and " + (diff.executors().size() - top) + " more (--top N shows more)");
    }
  }

  private void notes() {
    Set<String> notes = new LinkedHashSet<>();
    diff.notes().forEach(note -> notes.add("note: " + Printable.escape(note)));
    for (Dump dump : List.of(diff.before(), diff.after())) {
      dump.notes().forEach(note -> notes.add("note: " + Printable.escape(note)));
      for (Coverage.Note note : dump.population().coverage().notes()) {
        notes.add("not seen: " + Printable.escape(note.text()));
      }
    }
    if (!notes.isEmpty()) {
      lines.add("");
      lines.addAll(notes);
    }
  }
}
