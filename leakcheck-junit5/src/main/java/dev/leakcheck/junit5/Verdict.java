package dev.leakcheck.junit5;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.integration.FailurePlace;
import dev.leakcheck.integration.RunReport;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.ReportEntry;
import dev.leakcheck.report.TextReport;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * What becomes of findings: a failure, a suppressed exception, a warning or nothing; and an entry
 * in this JVM's report in any case.
 */
final class Verdict {

  private static final String ENTRY = "leakcheck";

  private final ExtensionContext context;
  private final Session session;
  private final TestScope scope;

  /**
   * A verdict on what a scope left.
   *
   * @param context the test, the class or the whole run
   */
  Verdict(ExtensionContext context, Session session, TestScope scope) {
    this.context = context;
    this.session = session;
    this.scope = scope;
  }

  /** Says that the check of narrower scopes is part of this one. */
  static Findings moved(Findings findings, int count, String narrower, String wider) {
    if (count == 0) {
      return findings;
    }
    return findings.with(
        Coverage.limitedBy(
            Coverage.Limit.PARALLEL,
            count
                + (narrower.equals("test")
                    ? (count == 1 ? " test" : " tests")
                    : (count == 1 ? " class" : " classes"))
                + " ran at the same time as others; which one left this behind cannot be told, so the"
                + " check moved to the end of the "
                + wider));
  }

  /** Fails unless nothing was found; never masks another failure. */
  void pass(Findings findings) {
    record(findings);
    judge(findings);
  }

  /** The same for a test whose fields alone could be judged; the report says so. */
  void passInFields(Findings findings) {
    record(
        findings.with(
            Coverage.limitedBy(
                Coverage.Limit.PARALLEL,
                "it ran at the same time as others: what its fields hold was judged, the rest is"
                    + " judged with its class or the run")));
    judge(findings);
  }

  private void judge(Findings findings) {
    if (findings.isEmpty()) {
      List<String> known = TextReport.known(findings);
      if (!known.isEmpty()) {
        context.publishReportEntry(ENTRY, String.join("\n", known));
      }
      return;
    }
    if (session.configuration().mode() == LeakCheckSettings.Mode.WARN) {
      String message =
          session
              .warnings()
              .warn(LeakCheckExtension.class.getName(), findings, level(), context.getUniqueId());
      context.publishReportEntry(ENTRY, message);
      return;
    }
    LeakAssertionError error = new LeakAssertionError(findings);
    error.setStackTrace(place(findings));
    Throwable failure = context.getExecutionException().orElse(null);
    if (context.getTestClass().isEmpty()) {
      // Surefire before 3 keeps silent about a failure of the engine itself.
      LoggerFactory.getLogger(LeakCheckExtension.class).error("{}", error.getMessage());
    }
    if (failure == null) {
      throw error;
    }
    failure.addSuppressed(error);
  }

  private void record(Findings findings) {
    Class<?> type = context.getTestClass().orElse(null);
    Method method = context.getTestMethod().orElse(null);
    RunReport.checked(
        scope,
        findings,
        level(),
        type == null ? null : type.getName(),
        method == null ? null : method.getName());
  }

  private ReportEntry.Level level() {
    return context.getTestMethod().isPresent()
        ? ReportEntry.Level.METHOD
        : context.getTestClass().isPresent() ? ReportEntry.Level.CLASS : ReportEntry.Level.RUN;
  }

  /** Says, without failing, that allowances had nothing to accept. */
  void mentionUnused(Collection<String> allowances, Findings findings) {
    if (!allowances.isEmpty()) {
      context.publishReportEntry(
          ENTRY,
          "allowances that matched nothing: "
              + allowances.stream()
                  .map(unused -> Allowance.mention(unused, findings.recorded()))
                  .collect(Collectors.joining("; ")));
    }
  }

  /** Says, without failing, that what repetitions left was not judged. */
  void mentionUnjudged(Findings findings) {
    for (Coverage.Note note : findings.coverage().notes()) {
      if (note.limit() == Coverage.Limit.PARALLEL) {
        context.publishReportEntry(ENTRY, note.text());
      }
    }
  }

  /** The test or class as a stack trace, since JUnit's own frames at this point tell nothing. */
  private StackTraceElement[] place(Findings findings) {
    return context
        .getTestClass()
        .map(type -> FailurePlace.of(findings, type, context.getTestMethod().orElse(null)))
        .orElseGet(() -> new StackTraceElement[0]);
  }
}
