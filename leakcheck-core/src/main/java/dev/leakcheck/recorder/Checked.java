package dev.leakcheck.recorder;

import dev.leakcheck.model.Afterwards;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Origin;
import dev.leakcheck.report.ReportEntry.Check;
import dev.leakcheck.report.ReportEntry.Leak;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.ReportEntry.Stopped;
import dev.leakcheck.report.ReportEntry.Verdict;
import dev.leakcheck.report.TextReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A check that was done, and what became of it.
 *
 * @param level what was checked
 * @param type class name of the test, or null if it is none
 * @param method name of the test's method, or null if it is none
 * @param opened when the scope was opened
 * @param closed when its check was done
 * @param findings what was found
 */
public record Checked(
    Level level,
    @Nullable String type,
    @Nullable String method,
    Instant opened,
    Instant closed,
    Findings findings) {

  /** A name may have any length. */
  private static final int LONGEST = 300;

  boolean foundNothing() {
    return findings.list().isEmpty() && findings.allowed().isEmpty();
  }

  /**
   * The check.
   *
   * @param known what no check of this JVM could see: that is not said again
   */
  Check check(Set<String> known) {
    return new Check(
        findings.scope(),
        level,
        type,
        method,
        opened,
        closed,
        findings.waited(),
        findings.settledEarly(),
        findings.list().size(),
        findings.allowed().size(),
        coverage(known),
        leftAlone());
  }

  private List<String> leftAlone() {
    return findings.statics().stream()
        .limit(Check.MAX_LEFT_ALONE)
        .map(thing -> thing.length() > LONGEST ? thing.substring(0, LONGEST) + "…" : thing)
        .toList();
  }

  private List<String> coverage(Set<String> known) {
    List<Coverage.Note> notes = findings.coverage().notes();
    if (notes.isEmpty()) {
      return List.of();
    }
    List<String> own = new ArrayList<>(notes.size());
    for (Coverage.Note note : notes) {
      if (!known.contains(note.text())) {
        own.add(note.text());
      }
    }
    return own;
  }

  /** What was left, those that fail first. */
  List<Leak> leaks() {
    List<Leak> leaks = new ArrayList<>();
    for (Finding finding : findings.list()) {
      Findings.Expired expired = findings.expiry(finding).orElse(null);
      leaks.add(
          expired == null
              ? leak(finding, Verdict.NEW, null)
              : leak(finding, Verdict.EXPIRED, expired.reason()));
    }
    for (Findings.Allowed allowed : findings.allowed()) {
      leaks.add(
          leak(
              allowed.finding(),
              allowed.known() ? Verdict.KNOWN : Verdict.ALLOWED,
              allowed.reason()));
    }
    return leaks;
  }

  private Leak leak(Finding finding, Verdict verdict, @Nullable String reason) {
    return new Leak(
        closed,
        findings.scope(),
        level,
        type,
        method,
        finding.fingerprint(),
        finding.kind(),
        finding.title(),
        verdict,
        reason,
        finding.facts(),
        finding.fix(),
        message(finding),
        finding.origin() instanceof Origin.Known known ? known.stack() : List.of(),
        finding.origin() instanceof Origin.Known known ? known.users().orElse(null) : null,
        finding.threads().subList(0, Math.min(Leak.MAX_THREADS, finding.threads().size())),
        finding.threads().size(),
        finding.plainFingerprint().equals(finding.fingerprint())
            ? null
            : finding.plainFingerprint(),
        stopped(finding.afterwards()));
  }

  private static @Nullable Stopped stopped(@Nullable Afterwards done) {
    return done == null ? null : done.ended() ? Stopped.ENDED : Stopped.ALIVE;
  }

  /** As a failure shows it if nothing else was left. */
  private String message(Finding finding) {
    return TextReport.render(
        new Findings(
            findings.scope(),
            List.of(finding),
            findings.waited(),
            findings.settledEarly(),
            findings.benign(),
            List.of(),
            List.of(),
            findings.coverage(),
            findings.recorded(),
            List.of(),
            findings.expired()));
  }
}
