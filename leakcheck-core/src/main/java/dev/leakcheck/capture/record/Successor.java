package dev.leakcheck.capture.record;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Which scope answers once one is closed, for what refers to that one weakly. Holds no scope: the
 * chain ends at the first that is open. Thread-safe.
 */
final class Successor {

  private volatile @Nullable WeakReference<BirthScope> scope;
  private volatile @Nullable Successor next;

  /** The scope is closed. */
  void moveTo(@Nullable BirthScope outer) {
    if (outer != null) {
      scope = new WeakReference<>(outer);
      next = outer.successor();
    }
  }

  /** The innermost scope around the closed one that somebody still refers to, or null. */
  @Nullable BirthScope scope() {
    for (Successor one = this; one != null; one = one.next) {
      WeakReference<BirthScope> reference = one.scope;
      BirthScope outer = reference == null ? null : reference.get();
      if (outer != null) {
        return outer;
      }
    }
    return null;
  }
}
