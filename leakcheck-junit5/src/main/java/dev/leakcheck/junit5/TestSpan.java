package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestScope;
import org.jspecify.annotations.Nullable;

/** When a test runs: from before its instance is built until it was checked. Thread-safe. */
final class TestSpan extends Span {

  private volatile @Nullable ClassCheck around;

  TestSpan(TestScope scope, @Nullable ClassCheck around) {
    super(scope);
    this.around = around;
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
