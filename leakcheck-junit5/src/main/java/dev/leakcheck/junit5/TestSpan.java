package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestScope;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** When a test runs: from before its instance is built until it was checked. Thread-safe. */
final class TestSpan extends Span {

  private final Set<Class<?>> built = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ClassCheck around;

  TestSpan(TestScope scope, @Nullable ClassCheck around) {
    super(scope);
    this.around = around;
  }

  /**
   * An instance is about to be built for it. JUnit may have given a test up once its instance was
   * built, since it is disabled: then the next instance on its thread is another test's.
   *
   * @param inner whether the instance is built inside another one
   * @return false if the instance is not for this test
   */
  boolean builds(Class<?> testClass, boolean inner) {
    return (inner || built.isEmpty()) && built.add(testClass);
  }

  /** The class whose test it is; that of an outer instance is built first. */
  void belongsTo(@Nullable ClassCheck around) {
    this.around = around;
  }

  @Override
  boolean isIn(ClassCheck check) {
    ClassCheck own = around;
    return own != null && own.isIn(check);
  }
}
