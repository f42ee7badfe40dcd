package dev.leakcheck.cli.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change as a unified diff, which {@code git apply} and {@code patch -p1} read as well. */
public final class Patch {

  /** Lines around a change that say where it is. */
  private static final int CONTEXT = 3;

  private final List<String> before;
  private final List<String> after;

  /** For each line the sign that it begins with, in order. */
  private final List<String> lines = new ArrayList<>();

  private Patch(@Nullable String before, @Nullable String after) {
    this.before = lines(before);
    this.after = lines(after);
  }

  /**
   * Writes a change.
   *
   * @param root what names of files are relative to
   * @param change the change
   * @return the lines, the names of the file first
   */
  public static List<String> of(Path root, Change change) {
    String name = root.relativize(change.file()).toString().replace('\\', '/');
    List<String> text = new ArrayList<>();
    text.add("--- " + (change.before() == null ? "/dev/null" : "a/" + name));
    text.add("+++ b/" + name);
    Patch patch = new Patch(change.before(), change.after());
    patch.compare();
    patch.hunks(text);
    return text;
  }

  private static List<String> lines(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int last = lines.size() - 1;
    if (lines.get(last).isEmpty()) {
      lines.remove(last);
    } else {
      lines.set(last, lines.get(last) + "\n\\ No newline at end of file");
    }
    return lines;
  }

  /** By the longest common subsequence of what differs. */
  private void compare() {
    int head = 0;
    while (head < Math.min(before.size(), after.size())
        && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(before.size(), after.size()) - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    before.subList(0, head).forEach(line -> lines.add(" " + line));
    middle(before.subList(head, before.size() - tail), after.subList(head, after.size() - tail));
    before.subList(before.size() - tail, before.size()).forEach(line -> lines.add(" " + line));
  }

  private void middle(List<String> old, List<String> next) {
    int[][] common = new int[old.size() + 1][next.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = next.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(next.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < old.size() || j < next.size()) {
      if (i < old.size() && j < next.size() && old.get(i).equals(next.get(j))) {
        lines.add(" " + old.get(i));
        i++;
        j++;
      } else if (i < old.size() && (j == next.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add("-" + old.get(i++));
      } else {
        lines.add("+" + next.get(j++));
      }
    }
  }

  private void hunks(List<String> text) {
    int at = 0;
    while ((at = nextChange(at)) < lines.size()) {
      int start = Math.max(0, at - CONTEXT);
      int end = at;
      for (int next = at; next < lines.size() && next <= end + 2 * CONTEXT; ) {
        end = next;
        next = nextChange(next + 1);
      }
      end = Math.min(lines.size(), end + 1 + CONTEXT);
      text.add("@@ -" + range("+", start, end) + " +" + range("-", start, end) + " @@");
      text.addAll(lines.subList(start, end));
      at = end;
    }
  }

  private int nextChange(int from) {
    int at = from;
    while (at < lines.size() && lines.get(at).startsWith(" ")) {
      at++;
    }
    return at;
  }

  /** The lines of a hunk on the side that does not have those with a sign. */
  private String range(String sign, int start, int end) {
    long above = lines.subList(0, start).stream().filter(line -> !line.startsWith(sign)).count();
    long count = lines.subList(start, end).stream().filter(line -> !line.startsWith(sign)).count();
    return (count == 0 ? above : above + 1) + "," + count;
  }
}
