package dev.leakcheck.contract;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A task that tells whether it ran, on which thread, and whether it was disturbed. */
final class Marker implements Runnable {

  private final BooleanSupplier until;
  private final Thread caller = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable Thread thread;
  private volatile boolean interrupted;

  /**
   * A marker that stays under way for a while.
   *
   * @param until when it ends; it does not wait on the thread that made it
   */
  Marker(BooleanSupplier until) {
    this.until = until;
  }

  @Override
  public void run() {
    Thread here = Thread.currentThread();
    thread = here;
    while (here != caller && !until.getAsBoolean()) {
      LockSupport.parkNanos(200_000);
      interrupted |= here.isInterrupted();
      if (interrupted) {
        break;
      }
    }
    interrupted |= here != caller && here.isInterrupted();
    done.countDown();
  }

  boolean hasBegun() {
    return thread != null;
  }

  boolean hasEnded() {
    return done.getCount() == 0;
  }

  boolean wasInterrupted() {
    return interrupted;
  }

  /** The executor's thread that ran it, or null. */
  @Nullable Thread thread() {
    Thread ran = thread;
    return ran == caller ? null : ran;
  }
}
