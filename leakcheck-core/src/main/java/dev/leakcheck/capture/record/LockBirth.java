package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.LockProbe;
import org.jspecify.annotations.Nullable;

/** A lock that was made. */
public final class LockBirth extends Birth {

  LockBirth(Object lock, long number, @Nullable Trace trace) {
    super(lock, number, trace);
  }

  /**
   * Has all that the hook needs loaded. To load it in the hook could make a lock, and so need it
   * once more before it is there.
   */
  static void load() {
    Trace.load();
  }

  /**
   * Whether somebody holds it.
   *
   * @return false if nobody does or it was collected
   */
  public boolean isHeld() {
    Object lock = get();
    return lock != null && LockProbe.held(lock) != LockProbe.Held.FREE;
  }

  @Override
  boolean isOver() {
    return refersTo(null);
  }

  @Override
  boolean outlasts() {
    return isHeld();
  }
}
