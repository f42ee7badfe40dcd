package dev.leakcheck.capture.base;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.concurrent.locks.LockSupport;

/** Asks for a garbage collection. Thread-safe. */
public final class Garbage {

  private static final long PATIENCE_NANOS = 1_000_000_000;

  private Garbage() {}

  /**
   * Has what can be collected collected, and what cleaners end ended, and tells how much of the
   * heap is used then.
   *
   * @return the bytes
   */
  public static long liveBytes() {
    // Cleaners end what was forgotten, such as a timer: they get their turn between the two.
    if (collect()) {
      collect();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /**
   * Has the JVM collect what nothing refers to.
   *
   * @return true once an object that was unreachable before the call is gone; false if that did not
   *     happen within a second, for instance with {@code -XX:+DisableExplicitGC}
   */
  public static boolean collect() {
    WeakReference<Object> witness = new WeakReference<>(new Object());
    long start = System.nanoTime();
    System.gc();
    while (!witness.refersTo(null)) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        return false;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return true;
  }
}
