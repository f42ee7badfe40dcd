package dev.leakcheck.junit5;

import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.integration.RunReport;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.integration.Warnings;
import dev.leakcheck.model.Allowance;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One run of the engine: its configuration, the scope around everything, and who runs when.
 *
 * <p>Between the user's own constructors and methods all scopes are paused, so that what other
 * extensions make is no test's leak. Tests that overlap in time can't be told apart without an
 * agent: their check moves to the end of the class, and that of classes that overlap to the end of
 * the run. With one, each scope has what was made by threads that worked for it; one that records
 * less than all threads and executors tells who made the rest, and their time is told as without.
 *
 * <p>Lives in the root context's store. Thread-safe: state is guarded by this object's lock.
 */
final class Session implements Closing {

  static final Namespace NAMESPACE = Namespace.create(LeakCheckExtension.class);

  private final ExtensionContext root;
  private final Configuration configuration;
  private final TimeLimits limits = new TimeLimits();
  private final boolean others;
  private final @Nullable TestScope run;
  private final RunReport.Run report;
  private final Warnings warnings;

  private final Set<ClassCheck> openClasses = new LinkedHashSet<>();
  private final Set<TestSpan> openTests = new LinkedHashSet<>();

  /** By identity: a class of threads may override what a hash table asks. */
  private final Map<Thread, TestSpan> begun = new IdentityHashMap<>();

  private final Map<String, Allowance> allowances = new LinkedHashMap<>();
  private int movedHere;
  private boolean checkRun;
  private final UserCode userCode = new UserCode();
  private final Running running;

  private Session(ExtensionContext context) {
    this.root = context.getRoot();
    this.configuration = new Configuration(context);
    this.warnings = Warnings.of(configuration.options());
    this.others = ConfigurationKeys.mayRunUnseen(context);
    if (isOff()) {
      this.run = null;
      this.report = () -> {};
    } else {
      RunReport.takeOver();
      TestScope.listExecutors();
      this.run = TestScope.open(configuration.options().named("this run").brief().byEntry());
      if (others) {
        run.besideOthers();
      }
      this.report = RunReport.begin(run.options());
    }
    this.running = new Running(this, context);
  }

  static Session of(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Session.class, key -> new Session(context), Session.class);
  }

  boolean isOf(ExtensionContext context) {
    return root == context.getRoot();
  }

  boolean isOff() {
    return configuration.mode() == LeakCheckSettings.Mode.OFF;
  }

  Warnings warnings() {
    return warnings;
  }

  Configuration configuration() {
    return configuration;
  }

  @Nullable TestScope run() {
    return run;
  }

  Running running() {
    return running;
  }

  // Who runs when

  /** The user's own code begins, until what is returned is closed: what it makes is its own. */
  TestScope.Entry enterUserCode(ExtensionContext context) {
    return userCode.enter(context, scopeOf(context));
  }

  /**
   * The current thread is about to run a method of the user's: shortly before its time limit, if it
   * has one, somebody looks whether it is in a deadlock.
   *
   * @return to be closed when the method has ended; null if it has no limit
   */
  TestScope.@Nullable Watch watch(ExtensionContext context, Method method, TimeLimits.Kind kind) {
    Duration limit = limits.of(context, method, kind);
    TestScope scope = limit == null ? null : scopeOf(context);
    if (limit == null || scope == null) {
      return null;
    }
    MethodCheck check = MethodCheck.find(context);
    ClassCheck around = ClassCheck.find(context, context.getRequiredTestClass());
    BooleanSupplier overlapped =
        check != null
            ? check.span()::isOverlapped
            : around != null ? around::isOverlapped : () -> true;
    TestScope.Watch watch =
        scope.watchForDeadlock(
            ClassCheck.name(context.getRequiredTestClass()) + "." + method.getName() + "()",
            TimeLimits.shortlyBefore(limit),
            overlapped);
    HangWatches.add(context, watch);
    return watch;
  }

  /** The innermost scope that code in a context belongs to. */
  private @Nullable TestScope scopeOf(ExtensionContext context) {
    MethodCheck method = MethodCheck.find(context);
    if (method != null) {
      return method.scope();
    }
    TestSpan test = begunHere();
    if (test != null) {
      return test.scope();
    }
    ClassCheck check = ClassCheck.find(context, context.getRequiredTestClass());
    return check == null ? run : check.scope();
  }

  private synchronized @Nullable TestSpan begunHere() {
    return begun.get(Thread.currentThread());
  }

  /** Pauses all scopes, unless the user's own code runs. */
  void betweenUserCode() {
    userCode.between();
  }

  /** A fixture was set up: executors it made are no test's, though they may have no thread yet. */
  void fixtureRan() {
    userCode.fixtureRan();
  }

  // Tests

  /** A test begins on this thread: its instance is about to be built. */
  void beginTest(Class<?> testClass, boolean inner, @Nullable ClassCheck around) {
    userCode.listExecutorsAfterFixture();
    Thread thread = Thread.currentThread();
    TestSpan given;
    synchronized (this) {
      given = begun.get(thread);
      if (given != null && given.builds(testClass, inner)) { // the instance around it was before
        given.belongsTo(around);
        if (around != null) {
          given.scope().builds(around.scope());
        }
        return;
      }
      if (given != null) {
        begun.remove(thread);
        openTests.remove(given);
      }
    }
    if (given != null) {
      given.scope().abandon();
    }
    TestSpan test = open(around);
    test.builds(testClass, inner);
    synchronized (this) {
      begun.put(thread, test);
      // An outer instance may be the first of a test in an inner class.
      meetOthers(test, check -> around == null || test.isIn(check) || check.isIn(around));
      openTests.add(test);
      userCode.innermost(test.scope());
    }
  }

  private TestSpan open(@Nullable ClassCheck around) {
    TestOptions options = configuration.ofTests();
    TestScope outer = around == null ? run : around.scope();
    return new TestSpan(TestScope.open(outer == null ? options : options.within(outer)), around);
  }

  /** No test comes of what began here: its instance could not be built, or is around a class's. */
  void endTest() {
    TestSpan test;
    synchronized (this) {
      test = begun.remove(Thread.currentThread());
      if (test != null) {
        openTests.remove(test);
      }
    }
    if (test != null) {
      test.scope().end();
    }
  }

  /** The test that began on this thread; a new one if the instance is older. */
  TestSpan takeTest(@Nullable ClassCheck around) {
    TestSpan test;
    synchronized (this) {
      test = begun.remove(Thread.currentThread());
    }
    if (test == null) {
      userCode.listExecutorsAfterFixture();
      test = open(around);
    }
    test.belongsTo(around);
    return test;
  }

  /** An instance was built: what its fields hold is its test's, or its class's. */
  void constructed(ExtensionContext context, Object instance) {
    userCode.built(instance);
    if (ClassCheck.isPerClass(context)) {
      fixtureRan();
      ClassCheck check = ClassCheck.find(context, context.getRequiredTestClass());
      if (check != null) {
        check.scope().built(instance);
      }
      return;
    }
    TestSpan test = begunHere();
    if (test != null) {
      test.scope().built(instance).passes(instance);
    }
  }

  /** A test is about to run. */
  synchronized void opened(MethodCheck method) {
    meetOthers(method.span(), method.span()::isIn);
    openTests.add(method.span());
    userCode.innermost(method.scope());
  }

  /** What a test and what runs beside it leave cannot be told apart. */
  private void meetOthers(TestSpan test, Predicate<ClassCheck> around) {
    if (others) {
      test.overlaps();
    }
    for (TestSpan open : openTests) {
      if (open != test) {
        test.meets(open);
      }
    }
    for (ClassCheck open : openClasses) {
      if (!around.test(open)) {
        test.meets(open);
      }
    }
  }

  /** A test has run; its check begins, and whoever else begins now runs beside that. */
  synchronized void checking(MethodCheck method) {
    method.span().ran();
    ClassCheck around = method.around();
    userCode.innermost(around == null ? run : around.scope());
  }

  synchronized void closed(MethodCheck method) {
    openTests.remove(method.span());
  }

  // Classes

  synchronized void opened(ClassCheck check) {
    if (others) {
      check.overlaps();
    }
    for (ClassCheck open : openClasses) {
      if (!check.isIn(open)) {
        check.meets(open);
      }
    }
    TestSpan given = begun.get(Thread.currentThread()); // up before it ran, or an outer instance
    for (TestSpan test : openTests) {
      if (test != given && !test.isIn(check)) {
        check.meets(test);
      }
    }
    openClasses.add(check);
    userCode.innermost(check.scope());
  }

  /** A class has run; its check begins, and whoever else begins now runs beside that. */
  synchronized void checking(ClassCheck check) {
    check.ran();
    for (TestSpan test : openTests) {
      if (test.isIn(check)) {
        test.scope().abandon();
      }
    }
    openTests.removeIf(test -> test.isIn(check));
    begun.values().removeIf(test -> test.isIn(check));
    ClassCheck around = check.around();
    userCode.innermost(around == null ? run : around.scope());
  }

  synchronized void closed(ClassCheck check) {
    openClasses.remove(check);
  }

  // The run

  /** The run is checked at its end, and what a class's static fields hold with it. */
  synchronized void checkRun(Class<?> testClass) {
    if (run != null) {
      checkRun = true;
      run.watchStatics(testClass);
      userCode.innermost(run);
      allow(configuration.of(testClass).allowances());
    }
  }

  /** Allowances of a test or class whose leaks the run answers for. */
  synchronized void allow(List<Allowance> more) {
    more.forEach(allowance -> allowances.put(allowance.toString(), allowance));
  }

  /** Classes overlapped, so that the run answers for them. */
  synchronized void moveToRun(List<Allowance> ofClass) {
    movedHere++;
    allow(ofClass);
  }

  @Override
  public void close() {
    Guard.forget(this);
    TestScope scope = run;
    if (scope != null) {
      Guard.run(this, () -> end(scope));
    }
  }

  private void end(TestScope scope) {
    try {
      check(scope);
    } finally {
      scope.end();
      warnings.tell();
      if (!Guard.isInactive()) {
        report.close();
      }
    }
  }

  /** Nothing of this is used any more: scopes in code, which are not its, go on unpaused. */
  void giveUp() {
    userCode.endPause();
  }

  private void check(TestScope scope) {
    TestOptions options = configuration.options().named("this run").aroundTests();
    int moved;
    synchronized (this) {
      userCode.endPause();
      if (!checkRun && movedHere == 0) {
        if (!scope.isExact()) {
          return;
        }
        options = options.unattributed();
      }
      for (Allowance allowance : allowances.values()) {
        options = options.allow(allowance);
      }
      moved = movedHere;
    }
    new Verdict(root, this, scope)
        .pass(Verdict.moved(scope.with(options).findings(), moved, "class", "run"));
  }
}
