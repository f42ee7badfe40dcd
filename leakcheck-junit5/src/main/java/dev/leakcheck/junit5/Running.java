package dev.leakcheck.junit5;

import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.integration.TestTime;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;

/**
 * When tests and classes ran, for the checks that answer for several of them. An agent tells more,
 * but for an id that is to be the same without it. Nothing is told beside tests that run unseen: a
 * thread may be theirs. One for each {@link Session}. Thread-safe.
 */
final class Running {

  private final Session session;
  private final boolean isExact;
  private final boolean others;

  /** When the first instance of the next test on a thread was built. */
  private final Map<Thread, Begun> begun = Collections.synchronizedMap(new IdentityHashMap<>());

  private record Begun(Class<?> instance, TestTime time) {}

  Running(Session session, ExtensionContext context) {
    TestScope run = session.run();
    this.session = session;
    this.isExact = run != null && run.isExact();
    this.others = ConfigurationKeys.mayRunUnseen(context);
  }

  private boolean isTold(Class<?> testClass) {
    return !others && (!isExact || session.configuration().of(testClass).level() == Level.RUN);
  }

  /** An instance is about to be built for one test; that of an outer class is built first. */
  void builds(TestInstanceFactoryContext instance) {
    Class<?> type = instance.getTestClass();
    if (isTold(type)) {
      begun.compute(
          Thread.currentThread(),
          (thread, outer) ->
              new Begun(
                  type,
                  outer != null
                          && instance.getOuterInstance().map(Object::getClass).orElse(null)
                              == outer.instance
                      ? outer.time
                      : TestTime.begin()));
    }
  }

  /** A test begins, or has begun with its instance; it ends when everything of it is closed. */
  void test(ExtensionContext context) {
    Class<?> type = context.getRequiredTestClass();
    if (isTold(type)) {
      Begun built = begun.remove(Thread.currentThread());
      TestTime time = built != null && built.instance == type ? built.time : TestTime.begin();
      put(context, "time of the test", 0, () -> time.endTest(() -> TestName.of(context)));
    }
  }

  /** A class begins; it ends when its check begins. */
  void ofClass(ExtensionContext context) {
    Class<?> type = context.getRequiredTestClass();
    if (isTold(type)) {
      TestTime time = TestTime.begin();
      put(context, "time of " + type.getName(), 2, () -> time.endClass(ClassCheck.name(type)));
    }
  }

  private void put(ExtensionContext context, String key, int place, Runnable end) {
    if (context.getStore(Session.NAMESPACE).get(key) == null) {
      Stores.putToBeClosedLast(context, key, () -> Guard.run(session, end), place);
    }
  }
}
