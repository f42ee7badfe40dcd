package dev.leakcheck.junit5;

import dev.leakcheck.integration.TestScope;

/**
 * When something runs that has a scope of its own: until it was checked. Its own code is over when
 * the check begins; whatever else begins before the check has ended may still be taken for its own.
 * Thread-safe.
 */
abstract class Span {

  private final TestScope scope;
  private volatile boolean ran;
  private volatile boolean overlapped;

  Span(TestScope scope) {
    this.scope = scope;
  }

  final TestScope scope() {
    return scope;
  }

  /** Whether it belongs to a class, or to one inside that. */
  abstract boolean isIn(ClassCheck check);

  /** Only the check is left to be done: whoever begins now has nothing to fear from it. */
  final void ran() {
    ran = true;
  }

  /** This begins while another is open, and not around it. */
  final void meets(Span open) {
    open.overlaps();
    if (!open.ran) {
      overlaps();
    }
  }

  final void overlaps() {
    overlapped = true;
  }

  /** Whether its leaks can't be told from those of other code. */
  final boolean isOverlapped() {
    return overlapped && !scope.isExact();
  }
}
