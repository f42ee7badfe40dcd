package dev.leakcheck.cli.html;

import dev.leakcheck.cli.base.Counts;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the run comes to.
 *
 * @param groups how many causes there are of each verdict, each by the worst that it got
 * @param jvms how many JVMs reported
 * @param unended how many of them did not get to their end
 * @param checks how many checks they did
 * @param tests how many different tests these checked
 * @param waited how long they waited, all together
 * @param settledEarly how many of them needed not wait to the end
 */
record Summary(
    Map<Verdict, Integer> groups,
    int jvms,
    int unended,
    long checks,
    int tests,
    Duration waited,
    long settledEarly) {

  /** Whether the run is bad, or might be, or is good. */
  enum Tone {
    BAD,
    DOUBTFUL,
    GOOD
  }

  /** Verdicts, the worst first. */
  private static final List<Verdict> WORST_FIRST =
      List.of(Verdict.NEW, Verdict.EXPIRED, Verdict.KNOWN, Verdict.ALLOWED);

  static Summary of(Reports reports) {
    Map<Verdict, Integer> groups = new EnumMap<>(Verdict.class);
    reports.groups().forEach(group -> groups.merge(verdict(group), 1, Integer::sum));
    long checks = 0;
    long early = 0;
    Duration waited = Duration.ZERO;
    Set<String> tests = new HashSet<>();
    for (JvmReport jvm : reports.jvms()) {
      checks += jvm.checks().size();
      for (Check check : jvm.checks()) {
        waited = waited.plus(check.waited());
        early += check.settledEarly() ? 1 : 0;
        if (check.level() == Level.METHOD) {
          tests.add(check.type() + "#" + check.method());
        }
      }
    }
    int unended = (int) reports.jvms().stream().filter(jvm -> jvm.end() == null).count();
    return new Summary(groups, reports.jvms().size(), unended, checks, tests.size(), waited, early);
  }

  /** The worst verdict that a cause got anywhere. */
  static Verdict verdict(Group group) {
    Set<Verdict> verdicts = new HashSet<>();
    group.occurrences().forEach(occurrence -> verdicts.add(occurrence.leak().verdict()));
    return WORST_FIRST.stream().filter(verdicts::contains).findFirst().orElse(Verdict.NEW);
  }

  int of(Verdict verdict) {
    return groups.getOrDefault(verdict, 0);
  }

  private boolean nothingWasChecked() {
    return checks == 0 && groups.isEmpty();
  }

  Tone tone() {
    if (of(Verdict.NEW) + of(Verdict.EXPIRED) > 0) {
      return Tone.BAD;
    }
    return unended > 0 || nothingWasChecked() ? Tone.DOUBTFUL : Tone.GOOD;
  }

  /** The whole run in one clause. */
  String verdict() {
    List<String> failing = new ArrayList<>();
    if (of(Verdict.NEW) > 0) {
      failing.add(Counts.count(of(Verdict.NEW), "new leak"));
    }
    if (of(Verdict.EXPIRED) > 0) {
      failing.add(
          failing.isEmpty()
              ? Counts.count(of(Verdict.EXPIRED), "expired leak")
              : Counts.number(of(Verdict.EXPIRED)) + " expired");
    }
    if (!failing.isEmpty()) {
      return String.join(", ", failing);
    }
    if (nothingWasChecked()) {
      return "Nothing was checked";
    }
    String found = groups.isEmpty() ? "Nothing was left behind" : "No new leaks";
    return unended == 0
        ? found
        : found + " so far, but " + Counts.count(unended, "JVM") + " did not get to the end";
  }

  /** What else there is to say, in one clause. */
  String detail() {
    List<String> parts = new ArrayList<>();
    if (of(Verdict.KNOWN) > 0) {
      parts.add(Counts.number(of(Verdict.KNOWN)) + " known to the baseline");
    }
    if (of(Verdict.ALLOWED) > 0) {
      parts.add(Counts.number(of(Verdict.ALLOWED)) + " allowed");
    }
    parts.add(
        Counts.count(checks, "check") + (tests == 0 ? "" : " of " + Counts.count(tests, "test")));
    parts.add(Counts.count(jvms, "JVM"));
    parts.add(Text.time(waited) + " spent waiting");
    return String.join(" · ", parts);
  }
}
