package dev.leakcheck.cli.watch;

import dev.leakcheck.classify.Trend;
import dev.leakcheck.cli.base.Counts;
import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.CohortTrend.Verdict;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What somebody sees who watches: on a terminal a table that is drawn over and over, elsewhere a
 * line for each change. Not thread-safe.
 */
final class WatchScreen {

  private static final String ERASE_LINE = "\033[K";

  /** A line that the terminal wraps would count as two. */
  private static final String CUT = "\033[?7l";

  private static final String WRAP = "\033[?7h";
  private static final String ERASE_BELOW = "\033[J";

  private final Watch.Options options;
  private final PrintWriter out;
  private final WatchText text;
  private final Set<String> told = new HashSet<>();
  private int drawn;

  WatchScreen(Watch.Options options, PrintWriter out, WatchText text) {
    this.options = options;
    this.out = out;
    this.text = text;
  }

  /** Before the first round. */
  void begin() {
    if (!options.terminal()) {
      out.println(
          "watching process " + options.pid() + " every " + WatchText.time(options.every()));
    }
  }

  /** A round, once it is known what became of the groups. */
  void show(Trend.Round round, Duration elapsed) {
    if (options.terminal()) {
      draw(round, elapsed);
    } else {
      round.changed().stream()
          .filter(this::isWorthALine)
          .forEach(group -> out.println(text.change(group, elapsed)));
      if (round.number() == 1) {
        out.println(WatchText.header(round, elapsed));
        WatchText.coverage(round.population().coverage()).forEach(out::println);
      }
      out.flush();
    }
  }

  /** What neither grew nor sat unchanged before is not missed when it goes. */
  private boolean isWorthALine(CohortTrend group) {
    if (group.cohort().benign() != null) {
      return false;
    }
    String fingerprint = group.cohort().fingerprint();
    boolean tells = group.verdict() == Verdict.GROWING || group.verdict() == Verdict.UNCHANGED;
    if (tells) {
      told.add(fingerprint);
      return true;
    }
    return told.remove(fingerprint);
  }

  private void draw(Trend.Round round, Duration elapsed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "process "
            + options.pid()
            + ", "
            + WatchText.header(round, elapsed)
            + "  (Ctrl-C ends it)");
    lines.addAll(text.table(round));
    lines.addAll(WatchText.coverage(round.population().coverage()));
    StringBuilder screen = new StringBuilder(CUT);
    if (drawn > 0) {
      screen.append(String.format("\033[%dA", drawn));
    }
    for (String line : lines) {
      screen.append(line).append(ERASE_LINE).append('\n');
    }
    out.print(screen.append(ERASE_BELOW).append(WRAP));
    out.flush();
    drawn = lines.size();
  }

  /** What it came to. */
  void summary(Watch.End end) {
    if (!options.terminal() || end.last() == null) {
      out.println();
    }
    Trend.Round last = end.last();
    out.println(
        "watched process "
            + options.pid()
            + " for "
            + WatchText.time(end.elapsed())
            + ", "
            + Counts.count(last == null ? 0 : last.number(), "sample")
            + ": "
            + end.why());
    if (last != null && !options.terminal()) {
      out.println(WatchText.header(last, end.elapsed()));
      text.table(last).forEach(out::println);
    }
    if (last == null || last.number() <= options.rounds()) {
      out.println(
          "note: what grows or sits unchanged is told from "
              + (options.rounds() + 1)
              + " samples on");
    } else if (last.suspicious(Verdict.GROWING).isEmpty()) {
      out.println("no group of threads grows");
    }
    end.crossed().forEach(crossed -> out.println("limit crossed: " + crossed));
    out.flush();
  }
}
