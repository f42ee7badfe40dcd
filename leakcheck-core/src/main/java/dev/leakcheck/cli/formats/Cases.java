package dev.leakcheck.cli.formats;

import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts checks and what they found together. */
final class Cases {

  /**
   * A check as a test case.
   *
   * @param name of the test within its class
   * @param opened when it began
   * @param time how long it took
   * @param leaks what it found; may be empty
   */
  record Case(String name, Instant opened, Duration time, List<Leak> leaks) {

    Case {
      leaks = List.copyOf(leaks);
    }

    boolean isFailing() {
      return leaks.stream().anyMatch(Leak::isFailing);
    }
  }

  /** What one check has in common with the leaks that it found. */
  private record Key(
      String jvm, String scope, Level level, @Nullable String type, @Nullable String method) {}

  /** A check while leaks are given to it. */
  private static final class Open {

    final String name;
    final Instant opened;
    final Instant closed;
    final List<Leak> leaks = new ArrayList<>();

    Open(String name, Instant opened, Instant closed) {
      this.name = name;
      this.opened = opened;
      this.closed = closed;
    }

    /** How far a time is from the check. */
    Duration distance(Instant time) {
      return time.isBefore(opened)
          ? Duration.between(time, opened)
          : time.isAfter(closed) ? Duration.between(closed, time) : Duration.ZERO;
    }

    Case done() {
      Duration time = Duration.between(opened, closed);
      return new Case(name, opened, time.isNegative() ? Duration.ZERO : time, leaks);
    }
  }

  private final Map<String, List<Open>> byClass = new TreeMap<>();
  private final Map<Key, List<Open>> byKey = new HashMap<>();

  private Cases() {}

  /** The cases by the name of their class, in the order of time. */
  static Map<String, List<Case>> byClass(Reports reports) {
    Cases cases = new Cases();
    for (JvmReport jvm : reports.jvms()) {
      for (Check check : jvm.checks()) {
        cases.add(key(jvm.jvm().id(), check), check.opened(), check.closed());
      }
    }
    for (Group group : reports.groups()) {
      group.occurrences().forEach(cases::give);
    }
    Map<String, List<Case>> done = new TreeMap<>();
    cases.byClass.forEach(
        (name, list) ->
            done.put(
                name,
                list.stream()
                    .map(Open::done)
                    .sorted(Comparator.comparing(Case::opened).thenComparing(Case::name))
                    .toList()));
    return done;
  }

  private Open add(Key key, Instant opened, Instant closed) {
    Open test = new Open(name(key), opened, closed);
    byClass.computeIfAbsent(className(key), name -> new ArrayList<>()).add(test);
    byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(test);
    return test;
  }

  /** A repeated test has several checks; a JVM that crashed may not have written the check. */
  private void give(Occurrence occurrence) {
    Leak leak = occurrence.leak();
    Key key = new Key(occurrence.jvm(), leak.scope(), leak.level(), leak.type(), leak.method());
    byKey.getOrDefault(key, List.of()).stream()
        .min(Comparator.comparing(test -> test.distance(leak.at())))
        .orElseGet(() -> add(key, leak.at(), leak.at()))
        .leaks
        .add(leak);
  }

  private static Key key(String jvm, Check check) {
    return new Key(jvm, check.scope(), check.level(), check.type(), check.method());
  }

  private static String className(Key key) {
    return key.type() == null ? "LeakCheck" : key.type();
  }

  /** The scope without the class, which stands beside it. */
  private static String name(Key key) {
    if (key.level() == Level.CLASS) {
      return "(the class as a whole)";
    }
    if (key.type() != null) {
      String simple = key.type().substring(key.type().lastIndexOf('.') + 1) + ".";
      if (key.scope().startsWith(simple)) {
        return key.scope().substring(simple.length());
      }
    }
    return key.scope();
  }
}
