package dev.leakcheck.junit5;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Findings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The check of one test. Lives in the test's store. Thread-safe. */
final class MethodCheck implements Closing {

  private final Session session;
  private final ExtensionContext context;
  private final @Nullable ClassCheck around;
  private final LeakScope scope;
  private final List<Allowance> ownAllowances;
  private final List<Allowance> allowances;
  private boolean overlapped;

  private MethodCheck(Session session, ExtensionContext context) {
    this.session = session;
    this.context = context;
    Class<?> testClass = context.getRequiredTestClass();
    this.around = ClassCheck.find(context, testClass);
    this.ownAllowances = Configuration.allowances(context);
    Configuration configuration = session.configuration();
    LeakCheckOptions options =
        configuration.options().named(name(context)).settle(configuration.settle(context)).brief();
    options = options.heldByOthers(() -> OtherExtensions.owners(context));
    this.allowances = new ArrayList<>(configuration.of(testClass).allowances());
    allowances.addAll(ownAllowances);
    for (Allowance allowance : allowances) {
      options = options.allow(allowance);
    }
    if (around != null) {
      around.expect(ownAllowances);
    }
    LeakScope outer = around == null ? session.run() : around.scope();
    this.scope = session.takeTest().with(outer == null ? options : options.within(outer));
  }

  /** Opens the check of the context's test, once. */
  static void open(Session session, ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(Session.NAMESPACE);
    String key = "test " + context.getUniqueId();
    if (store.get(key) == null) {
      MethodCheck check = new MethodCheck(session, context);
      store.put(key, check);
      session.opened(check);
    }
  }

  private static String name(ExtensionContext context) {
    String name =
        ClassCheck.name(context.getRequiredTestClass())
            + "."
            + context.getRequiredTestMethod().getName()
            + "()";
    String id = context.getUniqueId();
    int invocation = id.lastIndexOf("-invocation:");
    return invocation < 0 ? name : name + " " + context.getDisplayName();
  }

  LeakScope scope() {
    return scope;
  }

  @Nullable ClassCheck around() {
    return around;
  }

  boolean isIn(ClassCheck check) {
    return around != null && around.isIn(check);
  }

  synchronized void overlaps() {
    overlapped = true;
  }

  private synchronized boolean isOverlapped() {
    return overlapped;
  }

  @Override
  public void close() {
    session.closed(this);
    Findings findings;
    if (isOverlapped()) {
      findings = scope.findingsInFields();
      if (around != null) {
        around.moveHere(ownAllowances, 1);
      } else {
        session.moveToRun(ownAllowances);
      }
    } else {
      findings = scope.findings();
    }
    if (around != null) {
      around.used(allowances, findings);
    }
    Verdict verdict = new Verdict(context, session.configuration().mode());
    if (around == null && !isOverlapped()) {
      verdict.mentionUnused(findings.unusedAllowances(), findings);
    }
    verdict.pass(findings);
  }
}
