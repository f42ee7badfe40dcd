package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.TestCode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The check of one test class: what its fixture left, and what its tests left that is not theirs
 * alone. Lives in the class's store. Thread-safe.
 */
final class ClassCheck extends Span implements Closing {

  private final Session session;
  private final ExtensionContext context;
  private final @Nullable ClassCheck around;
  private final Map<String, Allowance> allowances = new LinkedHashMap<>();
  private final Set<String> unused = new LinkedHashSet<>();
  private int moved;

  /**
   * The class's extensions as its first test knows them, where the class's own context does not;
   * null before. Not that test's context, which would hold its instance.
   */
  private final AtomicReference<@Nullable List<Object>> extensions;

  private ClassCheck(
      Session session,
      ExtensionContext context,
      @Nullable ClassCheck around,
      TestScope scope,
      AtomicReference<@Nullable List<Object>> extensions) {
    super(scope);
    this.extensions = extensions;
    Class<?> testClass = context.getRequiredTestClass();
    this.session = session;
    this.context = context;
    this.around = around;
    TestCode.add(testClass);
    scope.watchStatics(testClass);
    // What a superclass holds is held for all its subclasses, so no single one answers for it.
    TestScope run = session.run();
    if (run != null) {
      inherited(testClass).forEach(run::watchStatics);
    }
  }

  /** The superclasses and all the interfaces. */
  private static Set<Class<?>> inherited(Class<?> type) {
    Set<Class<?>> types = new LinkedHashSet<>();
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      types.add(each);
      for (Class<?> implemented : each.getInterfaces()) {
        types.add(implemented);
        types.addAll(inherited(implemented));
      }
    }
    types.remove(type);
    return types;
  }

  private static TestScope scope(
      Session session,
      ExtensionContext context,
      @Nullable TestScope outer,
      AtomicReference<@Nullable List<Object>> extensions) {
    TestOptions options =
        session
            .configuration()
            .options()
            .named(name(context.getRequiredTestClass()))
            .settle(session.configuration().settle(context))
            .byEntry()
            .heldByOthers(() -> OtherExtensions.owners(context, extensions.get()))
            .closedLater(() -> Stores.closedAfter(context));
    return TestScope.open(outer == null ? options : options.within(outer));
  }

  /** The scope of the context's class, whose check is opened once. */
  static TestScope open(Session session, ExtensionContext context) {
    Class<?> testClass = context.getRequiredTestClass();
    ClassCheck known = find(context, testClass);
    if (known == null) {
      Class<?> enclosing = Enclosing.of(testClass);
      ClassCheck around = enclosing == null ? null : find(context, enclosing);
      List<Allowance> allowances = session.configuration().of(testClass).allowances();
      AtomicReference<@Nullable List<Object>> extensions = new AtomicReference<>();
      TestScope scope =
          scope(session, context, around == null ? session.run() : around.scope(), extensions);
      ClassCheck check = new ClassCheck(session, context, around, scope, extensions);
      check.allow(allowances);
      Stores.putToBeClosedLast(context, testClass, check, 1);
      session.opened(check);
      return check.scope();
    }
    return known.scope();
  }

  /** The open check of a class, or null if it is not checked. */
  static @Nullable ClassCheck find(ExtensionContext context, Class<?> testClass) {
    return context.getStore(Session.NAMESPACE).get(testClass, ClassCheck.class);
  }

  /** Code of the user's is about to give a test its arguments: what that makes is the class's. */
  static void givesArguments(Session session, ExtensionContext context) {
    Class<?> testClass = context.getRequiredTestClass();
    ClassCheck check = find(context, testClass);
    TestScope scope = check == null ? session.run() : check.scope();
    if (scope != null) {
      Set<Class<?>> classes = inherited(testClass);
      for (Class<?> each = testClass; each != null; each = Enclosing.of(each)) {
        classes.add(each);
      }
      scope.givesArguments(classes);
    }
  }

  static boolean isPerClass(ExtensionContext context) {
    return context
        .getTestInstanceLifecycle()
        .map(lifecycle -> lifecycle == TestInstance.Lifecycle.PER_CLASS)
        .orElse(false);
  }

  /** A class as a person calls it: without its package, with the classes around it. */
  static String name(Class<?> testClass) {
    String name = testClass.getName();
    return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
  }

  @Nullable ClassCheck around() {
    return around;
  }

  /** A test of the class begins. */
  void begins(ExtensionContext ofTest) {
    if (extensions.get() == null) {
      extensions.set(OtherExtensions.ofClass(ofTest));
    }
  }

  /** Whether this is the other, or inside it. */
  @Override
  boolean isIn(ClassCheck other) {
    for (ClassCheck check = this; check != null; check = check.around) {
      if (check == other) {
        return true;
      }
    }
    return false;
  }

  /** Tests overlapped with others, so that the class around them answers for them. */
  synchronized void moveHere(List<Allowance> theirs, int tests) {
    moved += tests;
    theirs.forEach(allowance -> allowances.put(allowance.toString(), allowance));
  }

  /** Allowances of a test; one that nothing has use for is mentioned at the end. */
  synchronized void expect(List<Allowance> ofMethod) {
    ofMethod.forEach(allowance -> unused.add(allowance.toString()));
  }

  /** Allowances of the class, or of a test whose leaks it answers for. */
  synchronized void allow(List<Allowance> more) {
    expect(more);
    more.forEach(allowance -> allowances.put(allowance.toString(), allowance));
  }

  /** Notes which allowances a check had use for. */
  synchronized void used(List<Allowance> allowed, Findings findings) {
    for (Allowance allowance : allowed) {
      if (!findings.unusedAllowances().contains(allowance.toString())) {
        unused.remove(allowance.toString());
      }
    }
  }

  /** Notes which of some allowances accepted what repetitions left. */
  synchronized void used(List<Findings.Allowed> accepted, List<Allowance> allowances) {
    for (Allowance allowance : allowances) {
      if (accepted.stream().anyMatch(allowed -> allowance.matches(allowed.finding()))) {
        unused.remove(allowance.toString());
      }
    }
  }

  @Override
  public void close() {
    Guard.run(session, this::check);
  }

  private void check() {
    session.checking(this);
    TestOptions options = scope().options();
    if (!scope().isExact()) {
      options = options.aroundTests();
    }
    List<Allowance> all;
    int movedTests;
    synchronized (this) {
      all = List.copyOf(allowances.values());
      movedTests = moved;
    }
    for (Allowance allowance : all) {
      options = options.allow(allowance);
    }
    @Nullable Findings findings;
    try {
      findings =
          isOverlapped()
              ? null
              : scope().with(options).findingsUnless(this::isOverlapped).orElse(null);
    } finally {
      scope().end();
      session.closed(this);
    }
    if (findings == null) {
      if (around == null) {
        session.moveToRun(all);
      } else {
        around.moveHere(all, Math.max(1, movedTests));
      }
      return;
    }
    used(all, findings);
    Verdict verdict = new Verdict(context, session, scope());
    synchronized (this) {
      verdict.mentionUnused(unused, findings);
    }
    verdict.pass(Verdict.moved(findings, movedTests, "test", "class"));
  }
}
