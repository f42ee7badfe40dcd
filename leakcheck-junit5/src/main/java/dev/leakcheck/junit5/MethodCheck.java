package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The check of one test. Lives in the test's store. Thread-safe. */
final class MethodCheck implements Closing {

  private static final String KEY = "test";

  private final Session session;
  private final ExtensionContext context;
  private final @Nullable ClassCheck around;
  private final TestSpan span;
  private final TestScope scope;
  private final List<Allowance> ownAllowances;
  private final AtomicBoolean repeated = new AtomicBoolean();
  private final List<Allowance> allowances;
  private final List<TestScope.Watch> watches = new CopyOnWriteArrayList<>();

  private MethodCheck(Session session, ExtensionContext context, @Nullable ClassCheck around) {
    this.session = session;
    this.context = context;
    this.around = around;
    Configuration configuration = session.configuration();
    this.ownAllowances = configuration.allowances(context);
    TestOptions options =
        configuration
            .ofTests()
            .settle(configuration.settle(context))
            .named(TestName.of(context))
            .heldByOthers(() -> OtherExtensions.owners(context, null))
            .closedLater(() -> Stores.closedAfter(context));
    this.allowances =
        new ArrayList<>(configuration.of(context.getRequiredTestClass()).allowances());
    allowances.addAll(ownAllowances);
    for (Allowance allowance : allowances) {
      options = options.allow(allowance);
    }
    if (around != null) {
      options = options.followed();
      around.begins(context);
      around.expect(ownAllowances);
    }
    TestScope outer = around == null ? session.run() : around.scope();
    this.span = session.takeTest(around);
    this.scope = span.scope().with(outer == null ? options : options.within(outer));
  }

  /**
   * The scope of the context's test, whose check is opened once.
   *
   * @param around the check of the test's class, or null if it is not checked
   */
  static TestScope open(Session session, ExtensionContext context, @Nullable ClassCheck around) {
    MethodCheck known = find(context);
    if (known != null) {
      return known.scope;
    }
    MethodCheck check = new MethodCheck(session, context, around);
    Stores.putToBeClosedLast(context, KEY, check, 1);
    session.opened(check);
    return check.scope;
  }

  /** The open check of the context's test, or null if it is not checked by itself. */
  static @Nullable MethodCheck find(ExtensionContext context) {
    return context.getStore(Session.NAMESPACE).get(KEY, MethodCheck.class);
  }

  TestScope scope() {
    return scope;
  }

  /** Whether the test is not being repeated yet. */
  boolean mayRepeat() {
    return repeated.compareAndSet(false, true);
  }

  /** Notes which allowances another look at the test had use for. */
  void used(Findings findings) {
    if (around != null && !findings.allowed().isEmpty()) {
      around.used(findings.allowed(), allowances);
    }
  }

  @Nullable ClassCheck around() {
    return around;
  }

  TestSpan span() {
    return span;
  }

  /** What is seen is told with the test's failure. */
  void add(TestScope.Watch watch) {
    watches.add(watch);
  }

  List<TestScope.Watch> watches() {
    return List.copyOf(watches);
  }

  @Override
  public void close() {
    Guard.run(session, this::check);
  }

  private void check() {
    watches.forEach(TestScope.Watch::close);
    session.checking(this);
    Optional<Findings> own = Optional.empty();
    Findings findings;
    try {
      if (!span.isOverlapped()) {
        own = scope.findingsUnless(span::isOverlapped);
      }
      findings = own.orElseGet(scope::findingsInFields);
    } finally {
      scope.end();
      session.closed(this);
    }
    if (own.isEmpty()) {
      if (around != null) {
        around.moveHere(ownAllowances, 1);
      } else {
        session.moveToRun(ownAllowances);
      }
    }
    if (around != null) {
      if (scope.hasEntrusted()) {
        around.moveHere(ownAllowances, 0);
      }
      around.used(allowances, findings);
    }
    boolean found =
        findings.list().stream().anyMatch(finding -> finding.kind() == LeakKind.DEADLOCK);
    HangWatches.attach(watches, context, found);
    Verdict verdict = new Verdict(context, session, scope);
    if (around == null && own.isPresent()) {
      verdict.mentionUnused(findings.unusedAllowances(), findings);
    }
    if (own.isPresent()) {
      verdict.pass(findings);
    } else {
      verdict.passInFields(findings);
    }
  }
}
