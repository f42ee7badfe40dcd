package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.LockProbe;
import org.jspecify.annotations.Nullable;

/** A lock that was made. */
public final class LockBirth extends Birth {

  private volatile boolean kept;

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

  /** The scope around the one that it was made in is to know of it, whether it is held or not. */
  public void keep() {
    kept = true;
  }

  @Override
  void outlive() {
    super.outlive();
    kept = false; // whoever ends the scope that has it now is asked anew
  }

  @Override
  boolean isOver() {
    return refersTo(null);
  }

  @Override
  boolean outlasts() {
    return kept || isHeld();
  }
}
