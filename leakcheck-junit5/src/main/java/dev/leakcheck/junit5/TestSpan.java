package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestScope;
import org.jspecify.annotations.Nullable;

/**
 * When a test runs: from before its instance is built until it was checked. Its own code is over
 * when the check begins; whatever else begins before the check has ended may still be taken for the
 * test's. Thread-safe.
 */
final class TestSpan {

  private final TestScope scope;
  private volatile @Nullable ClassCheck around;
  private volatile boolean ran;
  private volatile boolean overlapped;

  TestSpan(TestScope scope, @Nullable ClassCheck around) {
    this.scope = scope;
    this.around = around;
  }

  TestScope scope() {
    return scope;
  }

  /** The class whose test it is; that of an outer instance is built first. */
  void belongsTo(@Nullable ClassCheck around) {
    this.around = around;
  }

  boolean isIn(ClassCheck check) {
    ClassCheck own = around;
    return own != null && own.isIn(check);
  }

  /** Only the check is left to be done: whoever begins now has nothing to fear from it. */
  void ran() {
    ran = true;
  }

  boolean hasRun() {
    return ran;
  }

  void overlaps() {
    overlapped = true;
  }

  /** Whether its leaks can't be told from those of other code. */
  boolean isOverlapped() {
    return overlapped && !scope.isExact();
  }
}
