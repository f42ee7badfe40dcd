package dev.leakcheck.recorder;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.report.ReportEntry.Verdict;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Checks and leaks as events of JDK Flight Recorder, in whatever recording runs. While none does,
 * this costs next to nothing; in a JVM without the module {@code jdk.jfr} it does nothing.
 * Thread-safe.
 */
public final class FlightRecorder {

  private static final boolean PRESENT =
      ModuleLayer.boot().findModule("jdk.jfr").isPresent() && isUsable();

  private FlightRecorder() {}

  /** A module path may hold LeakCheck's module without it reading {@code jdk.jfr}. */
  private static boolean isUsable() {
    try {
      Events.areWanted();
      return true;
    } catch (LinkageError | RuntimeException refused) {
      return false;
    }
  }

  /**
   * Whether a recording wants checks or leaks.
   *
   * @return false if nothing would come of {@link #record}
   */
  public static boolean isOn() {
    return PRESENT && Events.areWanted();
  }

  /**
   * Records a check and what it found.
   *
   * @param checked the check
   */
  public static void record(Checked checked) {
    if (PRESENT) {
      Events.commit(checked);
    }
  }

  /** Loads the classes of JFR, so that the class around it need not. */
  private static final class Events {

    /** Where JFR was never used it is not asked: for its events it would start half of itself. */
    static boolean areWanted() {
      return jdk.jfr.FlightRecorder.isInitialized()
          && (new CheckEvent().isEnabled() || new LeakEvent().isEnabled());
    }

    static void commit(Checked checked) {
      Findings findings = checked.findings();
      CheckEvent check = new CheckEvent();
      if (check.shouldCommit()) {
        check.scope = findings.scope();
        check.level = text(checked.level());
        check.testClass = checked.type();
        check.testMethod = checked.method();
        check.open = Duration.between(checked.opened(), checked.closed()).toMillis();
        check.waited = findings.waited().toNanos();
        check.settledEarly = findings.settledEarly();
        check.failing = findings.list().size();
        check.accepted = findings.allowed().size();
        check.commit();
      }
      for (Finding finding : findings.list()) {
        Findings.Expired expired = findings.expiry(finding).orElse(null);
        commit(
            checked,
            finding,
            expired == null ? Verdict.NEW : Verdict.EXPIRED,
            expired == null ? null : expired.reason());
      }
      for (Findings.Allowed allowed : findings.allowed()) {
        commit(
            checked,
            allowed.finding(),
            allowed.known() ? Verdict.KNOWN : Verdict.ALLOWED,
            allowed.reason());
      }
    }

    private static void commit(
        Checked checked, Finding finding, Verdict verdict, @Nullable String reason) {
      LeakEvent leak = new LeakEvent();
      if (!leak.shouldCommit()) {
        return;
      }
      leak.kind = finding.kind().id();
      leak.title = finding.title();
      leak.fingerprint = finding.fingerprint();
      leak.verdict = text(verdict);
      leak.reason = reason;
      leak.createdAt = createdAt(finding.origin());
      leak.threads = finding.threads().size();
      leak.scope = checked.findings().scope();
      leak.level = text(checked.level());
      leak.testClass = checked.type();
      leak.testMethod = checked.method();
      leak.commit();
    }

    private static @Nullable String createdAt(Origin origin) {
      return origin instanceof Origin.Known known
          ? Stacks.firstOwnFrame(known.stack()).map(StackTraceElement::toString).orElse(null)
          : null;
    }

    private static String text(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
  }
}
