package dev.leakcheck.cli.reports;

import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.report.ReportEntry.Leak;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where one cause was found. All are counted, and the earliest {@link Group#DETAILED} are kept
 * whole: a suite in which each of 100,000 tests leaks the same must fit into memory. Not
 * thread-safe.
 */
final class Occurrences {

  /** Sorting is stable, so what one JVM found at one instant keeps its order. */
  private static final Comparator<Occurrence> BY_TIME =
      Comparator.comparing((Occurrence occurrence) -> occurrence.leak().at())
          .thenComparing(Occurrence::jvm);

  private final List<Occurrence> whole = new ArrayList<>();
  private final List<Occurrence> brief = new ArrayList<>();

  void add(Occurrence occurrence) {
    whole.add(occurrence);
    if (whole.size() == 2 * Group.DETAILED) {
      trim();
    }
  }

  void addAll(Occurrences others) {
    others.whole.forEach(this::add);
    brief.addAll(others.brief);
  }

  /** Forgets what a JVM found. */
  void remove(String jvm) {
    whole.removeIf(occurrence -> occurrence.jvm().equals(jvm));
    brief.removeIf(occurrence -> occurrence.jvm().equals(jvm));
  }

  List<Occurrence> sorted() {
    trim();
    List<Occurrence> all = new ArrayList<>(whole);
    all.addAll(brief);
    all.sort(BY_TIME);
    return all;
  }

  private void trim() {
    if (whole.size() > Group.DETAILED) {
      whole.sort(BY_TIME);
      List<Occurrence> late = whole.subList(Group.DETAILED, whole.size());
      late.forEach(occurrence -> brief.add(brief(occurrence)));
      late.clear();
    }
  }

  private static Occurrence brief(Occurrence occurrence) {
    Leak leak = occurrence.leak();
    return new Occurrence(
        occurrence.jvm(),
        new Leak(
            leak.at(),
            leak.scope(),
            leak.level(),
            leak.type(),
            leak.method(),
            leak.fingerprint(),
            leak.kind(),
            leak.title(),
            leak.verdict(),
            leak.reason(),
            List.of(),
            leak.fix(),
            "",
            List.of(),
            null,
            List.of(),
            leak.threadCount(),
            leak.plainFingerprint(),
            leak.stopped()));
  }
}
