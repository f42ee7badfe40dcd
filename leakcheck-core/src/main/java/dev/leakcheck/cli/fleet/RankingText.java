package dev.leakcheck.cli.fleet;

import static dev.leakcheck.cli.base.Counts.count;
import static dev.leakcheck.cli.base.Counts.number;

import dev.leakcheck.cli.fleet.Ranking.Ranked;
import dev.leakcheck.model.Printable;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells a person which groups of threads matter most in a fleet. */
public final class RankingText {

  private static final int FRAMES_SHOWN = 3;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private RankingText() {}

  /**
   * Writes a ranking.
   *
   * @param ranking the ranking
   * @param top how many groups are shown at the most
   * @param out where to
   */
  public static void write(Ranking.Result ranking, int top, PrintWriter out) {
    int all = ranking.groups().size();
    out.println(
        "LeakCheck: "
            + (all == 0 ? "no group" : count(all, "group"))
            + " to look into among "
            + count(ranking.captures(), "capture")
            + " of "
            + count(ranking.instances(), "instance")
            + " of "
            + count(ranking.services(), "service"));
    if (all == 0) {
      out.println(
          "none has "
              + number(ranking.threshold())
              + " threads in one capture (--threshold N asks for fewer)");
    }
    int place = 0;
    for (Ranked group : ranking.groups().subList(0, Math.min(top, all))) {
      out.println();
      group(++place, group, ranking.threshold()).forEach(out::println);
    }
    if (all > top) {
      out.println();
      out.println("and " + count(all - top, "more group") + " (--top N shows more)");
    }
    out.flush();
  }

  private static List<String> group(int place, Ranked group, int threshold) {
    List<String> lines = new ArrayList<>();
    lines.add(
        place
            + ") "
            + group.service()
            + "   "
            + (group.kind() == null ? "" : group.kind() + ", ")
            + (group.virtual() ? "virtual " : "")
            + group.name()
            + (group.activity() == null ? "" : "  " + group.activity()));
    boolean leak = group.kind() != null;
    fact(
        lines,
        "size",
        String.format(Locale.ROOT, "%,.1f", group.rms())
            + " an instance (root mean square), at the most "
            + number(group.peak())
            + (leak
                ? ""
                : "; "
                    + count(group.reached(), "capture")
                    + " with "
                    + number(threshold)
                    + " or more"));
    fact(
        lines,
        "instances",
        number(group.instances()) + " of " + number(group.ofInstances()) + growth(group));
    fact(lines, "first seen", firstSeen(group));
    if (group.ageMillis() != null) {
      fact(lines, "age", age(Duration.ofMillis(group.ageMillis())) + ", the oldest");
    }
    if (group.idle()) {
      fact(lines, "idle", "workers that wait for their next task: many pools, or a large one");
    }
    if (group.frames() != null && !group.idle()) {
      String key = "at";
      for (String frame : group.frames().lines().limit(FRAMES_SHOWN).toList()) {
        fact(lines, key, frame);
        key = "";
      }
    }
    fact(lines, "id", group.fingerprint());
    return lines;
  }

  private static void fact(List<String> lines, String key, String text) {
    lines.add(String.format(Locale.ROOT, "     %-10s ", key) + Printable.escape(text));
  }

  private static String growth(Ranked group) {
    Long growth = group.growth();
    if (growth == null) {
      return group.kind() == null ? "; each was looked at once: growth is not known" : "";
    }
    return "; grew in "
        + number(group.grown())
        + "; "
        + (growth > 0 ? "+" : "")
        + number(growth)
        + " in all, from the first capture of each to its last";
  }

  private static String firstSeen(Ranked group) {
    return TIME.format(group.firstSeen())
        + " UTC"
        + (group.firstVersion() == null ? "" : ", version " + group.firstVersion())
        + (group.earlier() == 0
            ? ", in the first capture of the service: it may be older"
            : ", which "
                + count(group.earlier(), "earlier capture")
                + " of the service did not list");
  }

  private static String age(Duration age) {
    if (age.toDays() > 1) {
      return age.toDays() + " days";
    }
    return age.toHours() > 1
        ? age.toHours() + " h"
        : age.toMinutes() > 1 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }
}
