package dev.leakcheck.junit5;

import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.integration.LeakProbe;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.junit5.TimeLimits.Kind;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/**
 * Fails a test, or its class, that leaves a thread, a virtual thread, an executor or a filled
 * blocking queue behind. Use {@code @ExtendWith(LeakCheckExtension.class)}, {@link NoLeaks}, or
 * {@code junit.jupiter.extensions.autodetection.enabled=true} for a whole suite.
 *
 * <p>A scope opens before the test instance is built, so that field initialisers are in it, and is
 * checked when JUnit closes the test's store: after {@code @AfterEach}, after {@code @AutoClose}
 * and after all other extensions. The class is checked likewise, around {@code @BeforeAll} and
 * {@code @AfterAll}. What other extensions make between the user's own constructors and methods is
 * theirs, and is left alone. A test that fails for another reason keeps that reason; what it left
 * behind is attached to it as suppressed.
 *
 * <p>Settings are the configuration parameters of {@link dev.leakcheck.LeakCheckSettings}. All
 * state lives in JUnit's store; the extension is thread-safe.
 */
public final class LeakCheckExtension
    implements BeforeAllCallback,
        TestInstancePreConstructCallback,
        BeforeEachCallback,
        TestTemplateInvocationContextProvider,
        InvocationInterceptor {

  private final List<LeakProbe> probes;

  /** For JUnit. */
  public LeakCheckExtension() {
    this(List.of());
  }

  private LeakCheckExtension(List<LeakProbe> probes) {
    this.probes = probes;
  }

  /**
   * The extension with probes that find leaks of your own kinds, for a static field with
   * {@code @RegisterExtension}. They are asked for its class and the tests of that, besides those
   * that {@link java.util.ServiceLoader} finds for all.
   *
   * @param probes the probes
   * @return the extension
   */
  public static LeakCheckExtension with(LeakProbe... probes) {
    return new LeakCheckExtension(List.of(probes));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Guard.run(
        context,
        session -> {
          Configuration configuration = session.configuration();
          probe(session.run()); // which answers for classes that overlap
          if (configuration.of(context.getRequiredTestClass()).level() == Level.RUN) {
            session.checkRun(context.getRequiredTestClass());
          } else {
            probe(ClassCheck.open(session, context));
          }
          BeforeInterrupt.register(context);
          session.betweenUserCode();
          session.running().ofClass(context);
        });
  }

  /** Is asked before code of the user's gives the test its arguments, and provides nothing. */
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    Guard.run(context, session -> ClassCheck.givesArguments(session, context));
    return false;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    return Stream.empty();
  }

  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factoryContext, ExtensionContext context) {
    Guard.run(
        context,
        session -> {
          Level level = session.configuration().of(factoryContext.getTestClass()).level();
          if (ClassCheck.isPerClass(context)) {
            if (factoryContext.getOuterInstance().isPresent()) {
              session.endTest(); // what began with an outer instance is no test of its own
            }
            if (level != Level.RUN) {
              probe(ClassCheck.open(session, context));
            }
            session.running().ofClass(context);
            return;
          }
          session.running().builds(factoryContext);
          if (level == Level.METHOD) {
            Class<?> testClass = factoryContext.getTestClass();
            session.beginTest(
                testClass,
                factoryContext.getOuterInstance().isPresent(),
                ClassCheck.find(context, testClass));
          }
        });
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Guard.run(context, session -> beforeEach(session, context));
  }

  private void probe(@Nullable TestScope scope) {
    if (scope != null) {
      probes.forEach(scope::probe);
    }
  }

  private void beforeEach(Session session, ExtensionContext context) {
    ClassCheck check = ClassCheck.find(context, context.getRequiredTestClass());
    if (check == null) {
      BeforeInterrupt.register(context);
    }
    session.running().test(context);
    if (session.configuration().of(context.getRequiredTestClass()).level() == Level.METHOD) {
      probe(MethodCheck.open(session, context, check));
    } else {
      session.configuration().settle(context); // rejects what a method must not say
      if (check == null) {
        session.allow(session.configuration().allowances(context));
      } else {
        check.allow(session.configuration().allowances(context));
      }
    }
  }

  @Override
  public <T> T interceptTestClassConstructor(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Constructor<T>> invocationContext,
      ExtensionContext context)
      throws Throwable {
    TestScope.Entry entry = Guard.get(context, session -> session.enterUserCode(context));
    if (entry == null) {
      return invocation.proceed();
    }
    boolean built = false;
    try {
      T instance = invocation.proceed();
      Guard.run(context, session -> session.constructed(context, instance));
      built = true;
      return instance;
    } finally {
      Guard.run(context, session -> entry.close());
      if (!built) {
        Guard.run(context, Session::endTest);
      }
    }
  }

  @Override
  public void interceptBeforeAllMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    Guard.run(context, Session::fixtureRan);
    limited(invocation, invocationContext, context, Kind.BEFORE_ALL);
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    lookAtWhatOthersGave(context);
    limited(invocation, invocationContext, context, Kind.BEFORE_EACH);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    lookAtWhatOthersGave(context);
    test(invocation, invocationContext, context, Kind.TEST);
  }

  @Override
  public <T> T interceptTestFactoryMethod(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    lookAtWhatOthersGave(context);
    Guard.run(context, session -> session.configuration().rejectRepeat(context));
    return limited(invocation, invocationContext, context, Kind.TEST_FACTORY);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    lookAtWhatOthersGave(context);
    test(invocation, invocationContext, context, Kind.TEST_TEMPLATE);
  }

  @Override
  public void interceptDynamicTest(
      Invocation<Void> invocation,
      DynamicTestInvocationContext invocationContext,
      ExtensionContext context)
      throws Throwable {
    userCode(invocation, context);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    limited(invocation, invocationContext, context, Kind.AFTER_EACH);
  }

  @Override
  public void interceptAfterAllMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    limited(invocation, invocationContext, context, Kind.AFTER_ALL);
  }

  /** Runs what JUnit may have given a time limit. */
  private static <T> T limited(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context,
      Kind kind)
      throws Throwable {
    TestScope.Watch watch =
        Guard.get(
            context, session -> session.watch(context, invocationContext.getExecutable(), kind));
    if (watch == null) {
      return userCode(invocation, context);
    }
    try {
      return userCode(invocation, context);
    } finally {
      Guard.run(context, session -> watch.close());
    }
  }

  /** A test method, as often as it is to be run. */
  private static void test(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context,
      Kind kind)
      throws Throwable {
    Repeated repeated =
        Guard.get(
            context,
            session -> {
              int repetitions = session.configuration().repeat(context);
              return repetitions == 1
                  ? null
                  : new Repeated(invocation, invocationContext, repetitions, session);
            });
    Invocation<Void> calls =
        repeated == null
            ? invocation
            : () -> {
              repeated.run(context);
              return null;
            };
    limited(calls, invocationContext, context, kind);
  }

  /** Other extensions may have put objects of theirs into the test's fields. */
  private static void lookAtWhatOthersGave(ExtensionContext context) {
    Guard.run(
        context,
        session -> {
          MethodCheck method = MethodCheck.find(context);
          if (method != null) {
            method.scope().rewatch();
          }
        });
  }

  private static <T> T userCode(Invocation<T> invocation, ExtensionContext context)
      throws Throwable {
    TestScope.Entry entry = Guard.get(context, session -> session.enterUserCode(context));
    if (entry == null) {
      return invocation.proceed();
    }
    try {
      return invocation.proceed();
    } finally {
      Guard.run(context, session -> entry.close());
    }
  }
}
