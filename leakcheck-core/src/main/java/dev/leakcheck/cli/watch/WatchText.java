package dev.leakcheck.cli.watch;

import static dev.leakcheck.cli.base.Counts.count;
import static dev.leakcheck.cli.base.Counts.number;

import dev.leakcheck.classify.Trend;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.CohortTrend.Verdict;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Population;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What a watch shows, line by line. */
final class WatchText {

  /** How many groups a table has at most. */
  static final int ROWS = 15;

  private final Function<Cohort, List<String>> origins;

  /**
   * Texts.
   *
   * @param origins where the threads of a group were created, one line each; empty if not known
   */
  WatchText(Function<Cohort, List<String>> origins) {
    this.origins = origins;
  }

  /** Such as {@code sample 8 after 35 s: 34 platform threads, 61 virtual threads, 3 executors}. */
  static String header(Trend.Round round, Duration elapsed) {
    Population population = round.population();
    return "sample "
        + round.number()
        + " after "
        + time(elapsed)
        + ": "
        + count(population.platform(), "platform thread")
        + (round.platformGrows() ? " (growing)" : "")
        + ", "
        + count(population.virtual(), "virtual thread")
        + (round.virtualGrows() ? " (growing)" : "")
        + ", "
        + count(population.executorCount(), "executor")
        + (round.executorsGrow() ? " (growing)" : "");
  }

  /** The groups of most interest, under a header. */
  List<String> table(Trend.Round round) {
    List<CohortTrend> groups =
        round.trends().stream().filter(trend -> trend.cohort().benign() == null).toList();
    long benign =
        round.population().cohorts().stream()
            .filter(cohort -> cohort.benign() != null)
            .mapToInt(Cohort::count)
            .sum();
    List<String> lines = new ArrayList<>();
    lines.add(row("THREADS", "GROWTH", "FOR", "STATE", "GROUP"));
    for (CohortTrend group : groups.subList(0, Math.min(ROWS, groups.size()))) {
      lines.add(
          row(
              number(group.cohort().count()),
              group.verdict() == Verdict.GROWING ? "+" + number(group.growth()) : "",
              group.verdict() == Verdict.MOVING
                  ? ""
                  : time(Duration.between(group.since(), round.population().at())),
              state(group),
              group(group.cohort())));
    }
    if (groups.size() > ROWS) {
      lines.add(
          " ".repeat(11)
              + "and "
              + count(groups.size() - ROWS, "more group")
              + " of "
              + count(
                  groups.subList(ROWS, groups.size()).stream()
                      .mapToInt(group -> group.cohort().count())
                      .sum(),
                  "thread"));
    }
    if (benign > 0) {
      lines.add(" ".repeat(11) + count(benign, "thread") + " of the JVM's and libraries' own");
    }
    return lines;
  }

  private static String row(
      String threads, String growth, String since, String state, String what) {
    return String.format(
        Locale.ROOT, "%9s  %9s  %9s  %-9s  %s", threads, growth, since, state, what);
  }

  private static String state(CohortTrend group) {
    return switch (group.verdict()) {
      case GROWING -> "grows";
      case UNCHANGED -> "unchanged";
      case MOVING -> "";
      case GONE -> "gone";
    };
  }

  /** A group in one line: names, kind, what its threads do and where. */
  String group(Cohort cohort) {
    List<String> where =
        Stacks.own(cohort.stack()).stream()
            .limit(1)
            .map(Stacks::text)
            .map(Printable::escape)
            .toList();
    List<String> created = origins.apply(cohort);
    return '"'
        + cohort.label()
        + '"'
        + (cohort.virtual() ? " (virtual)" : "")
        + "  "
        + Printable.escape(cohort.activity())
        + (where.isEmpty() ? "" : "  at " + where.get(0))
        + (created.isEmpty() ? "" : "  created at " + Printable.escape(created.get(0)));
  }

  /** What has changed with a group, in one line. */
  String change(CohortTrend group, Duration elapsed) {
    String what =
        switch (group.verdict()) {
          case GROWING ->
              "grows by "
                  + number(group.growth())
                  + " to "
                  + count(group.cohort().count(), "thread")
                  + " in "
                  + group.rounds()
                  + " samples";
          case UNCHANGED ->
              count(group.cohort().count(), "thread")
                  + (group.cohort().count() == 1 ? " sits unchanged" : " sit unchanged");
          case MOVING -> "neither grows nor sits unchanged any more";
          case GONE -> "gone";
        };
    return String.format(Locale.ROOT, "%9s  %s: %s", time(elapsed), group(group.cohort()), what);
  }

  /** What could not be seen. */
  static List<String> coverage(Coverage coverage) {
    return coverage.notes().stream().map(note -> "note: " + Printable.escape(note.text())).toList();
  }

  /** Such as {@code 35 s}, {@code 1 m 5 s} or {@code 2 h 0 m}. */
  static String time(Duration time) {
    long seconds = (time.toMillis() + 500) / 1000;
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? seconds / 60 + " m " + seconds % 60 + " s"
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " m";
  }
}
