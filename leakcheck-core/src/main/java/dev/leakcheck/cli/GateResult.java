package dev.leakcheck.cli;

import dev.leakcheck.baseline.KnownLeak;
import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.cli.reports.Reports;
import dev.leakcheck.cli.reports.Reports.Group;
import dev.leakcheck.cli.reports.Reports.JvmReport;
import dev.leakcheck.cli.reports.Reports.Occurrence;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Printable;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What merged reports come to under a baseline. Pure: who reads the reports, and what day it is, is
 * given. Immutable.
 *
 * @param date the day that tells what is expired
 * @param hasBaseline whether a baseline was given
 * @param leaks one for each cause: those that fail first, then by kind and fingerprint
 * @param gone known leaks that did not occur
 * @param unseen known leaks that only a run with the agent can see, if there was none
 * @param jvms how many JVMs reported
 * @param checks how many checks they did
 * @param incomplete what is wrong with JVMs that did not end or checked nothing, each in a sentence
 * @param coverage what was not seen, each in a sentence, with how many JVMs and checks say so
 * @param problems what was wrong with files, each in a sentence
 */
record GateResult(
    LocalDate date,
    boolean hasBaseline,
    List<Judged> leaks,
    List<KnownLeak> gone,
    List<KnownLeak> unseen,
    int jvms,
    long checks,
    List<String> incomplete,
    Map<String, Integer> coverage,
    List<String> problems) {

  /**
   * A cause and what becomes of it.
   *
   * @param group where it was found
   * @param verdict the worst of all occurrences
   * @param leak the first occurrence with that verdict
   * @param reason why it is accepted, or was
   * @param known what the baseline says of it, or null
   */
  record Judged(
      Group group, Verdict verdict, Leak leak, @Nullable String reason, @Nullable KnownLeak known) {

    /** Whether the gate fails for it. */
    boolean isFailing() {
      return verdict == Verdict.NEW || verdict == Verdict.EXPIRED;
    }

    /** Whether the baseline knows it by a name that does not tell who created it. */
    boolean isByPlainFingerprint() {
      return known != null && !known.fingerprint().equals(leak.fingerprint());
    }
  }

  /** Worst first. */
  private static final List<Verdict> SEVERITY =
      List.of(Verdict.NEW, Verdict.EXPIRED, Verdict.KNOWN, Verdict.ALLOWED);

  private static final Set<LeakKind> AGENT_ONLY =
      Set.of(LeakKind.SHUTDOWN_HOOK, LeakKind.THREAD_LOCAL_RESIDUE);

  /** Copies the collections. */
  GateResult {
    leaks = List.copyOf(leaks);
    gone = List.copyOf(gone);
    unseen = List.copyOf(unseen);
    incomplete = List.copyOf(incomplete);
    coverage = java.util.Collections.unmodifiableMap(new TreeMap<>(coverage));
    problems = List.copyOf(problems);
  }

  /**
   * Judges reports.
   *
   * @param reports what was found
   * @param baseline what is accepted, or null if no baseline was given: then the reports' own
   *     verdicts stand
   * @param today the day
   */
  static GateResult of(Reports reports, @Nullable KnownLeaks baseline, LocalDate today) {
    List<Judged> judged = new ArrayList<>();
    Set<KnownLeak> met = new LinkedHashSet<>();
    for (Group group : reports.groups()) {
      Judged worst = null;
      for (Occurrence occurrence : group.occurrences()) {
        Judged one = judge(group, occurrence.leak(), baseline, today);
        if (one.known != null) {
          met.add(one.known);
        }
        if (worst == null || rank(one) < rank(worst)) {
          worst = one;
        }
      }
      if (worst != null) {
        judged.add(worst);
      }
    }
    judged.sort(Comparator.comparingInt(GateResult::rank)); // stable
    List<KnownLeak> gone = new ArrayList<>();
    List<KnownLeak> unseen = new ArrayList<>();
    boolean agent = reports.jvms().stream().anyMatch(report -> report.jvm().agent());
    for (KnownLeak leak : baseline == null ? List.<KnownLeak>of() : baseline.list()) {
      if (!met.contains(leak)) {
        (agent || !needsAgent(leak) ? gone : unseen).add(leak);
      }
    }
    return new GateResult(
        today,
        baseline != null,
        judged,
        gone,
        unseen,
        reports.jvms().size(),
        reports.jvms().stream().mapToLong(report -> report.checks().size()).sum(),
        incomplete(reports.jvms()),
        coverage(reports.jvms()),
        reports.problems());
  }

  private static Judged judge(
      Group group, Leak leak, @Nullable KnownLeaks baseline, LocalDate today) {
    if (leak.verdict() == Verdict.ALLOWED || baseline == null) {
      return new Judged(group, leak.verdict(), leak, leak.reason(), null);
    }
    KnownLeak known = baseline.find(leak.kind(), leak.fingerprint(), plain(leak)).orElse(null);
    return known == null
        ? new Judged(group, Verdict.NEW, leak, null, null)
        : new Judged(
            group,
            known.isExpired(today.toEpochDay()) ? Verdict.EXPIRED : Verdict.KNOWN,
            leak,
            known.reason(),
            known);
  }

  /** What a leak is called without an agent. */
  static String plain(Leak leak) {
    String plain = leak.plainFingerprint();
    return plain == null ? leak.fingerprint() : plain;
  }

  private static int rank(Judged judged) {
    return SEVERITY.indexOf(judged.verdict);
  }

  private static boolean needsAgent(KnownLeak leak) {
    return AGENT_ONLY.contains(leak.kind()) || leak.isExact();
  }

  private static List<String> incomplete(List<JvmReport> jvms) {
    List<String> sentences = new ArrayList<>();
    for (JvmReport report : jvms) {
      String jvm = Printable.escape(report.file().toString()) + ": JVM " + report.jvm().pid();
      if (report.end() == null) {
        sentences.add(
            jvm
                + " did not end its tests: it crashed, was killed, exited in the middle or is still at work after "
                + count(report.checks().size(), "check"));
      } else if (report.checks().isEmpty()) {
        sentences.add(jvm + " checked nothing");
      }
    }
    return sentences;
  }

  private static Map<String, Integer> coverage(List<JvmReport> jvms) {
    Map<String, Integer> coverage = new TreeMap<>();
    for (JvmReport report : jvms) {
      report.jvm().coverage().forEach(note -> coverage.merge(note, 1, Integer::sum));
      report
          .checks()
          .forEach(
              check -> check.coverage().forEach(note -> coverage.merge(note, 1, Integer::sum)));
    }
    return coverage;
  }

  /** Those with a verdict. */
  List<Judged> with(Verdict verdict) {
    return leaks.stream().filter(judged -> judged.verdict() == verdict).toList();
  }

  /** Whether there is a leak that nobody accepts. */
  boolean hasLeaks() {
    return leaks.stream().anyMatch(Judged::isFailing);
  }

  /** How many of something. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
