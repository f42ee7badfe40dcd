package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.objects.LockWalk;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.LockBirth;

/**
 * Locks that were made in a scope and that fields of the scopes around it keep, such as a static
 * one of a test class, whose first test initialises it. A record forgets a lock that nobody holds
 * when its scope ends, but who locks it later may leave it locked. Has no state of its own.
 */
final class LocksMade {

  private LocksMade() {}

  /** The scopes around one that ends go on to know of such locks that they were made, and where. */
  static void leaveToOuter(Scope ending, Shared shared) {
    BirthScope record = ending.births();
    if (record == null
        || ending.parent() == null
        || !ending.hasMade(LockBirth.class, birth -> !birth.refersTo(null))) {
      return;
    }
    for (Scope outer = ending.parent(); outer != null; outer = outer.parent()) {
      for (LockWalk.Found found : LockWalk.find(outer.instances(), outer.classes())) {
        if (shared.births().isIn(found.lock(), record)
            && shared.births().of(found.lock()) instanceof LockBirth birth) {
          birth.keep();
        }
      }
    }
  }
}
