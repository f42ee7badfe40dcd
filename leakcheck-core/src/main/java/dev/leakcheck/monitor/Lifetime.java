package dev.leakcheck.monitor;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a monitor's thread goes on: what it waits on between samples, and when closing the
 * monitor interrupts it. Thread-safe.
 */
final class Lifetime {

  private final Object lock = new Object();
  private boolean closed; // guarded by lock
  private boolean interruptible; // guarded by lock

  boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  /** Waits; whether to go on. */
  boolean sleep(Duration pause) {
    long end = System.nanoTime() + pause.toNanos();
    synchronized (lock) {
      while (!closed) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return true;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
        } catch (InterruptedException byWhoeverInterruptsAllThreads) {
          // It is closed by close() alone.
        }
      }
      return false;
    }
  }

  /** From here on, closing interrupts the monitor's thread; false if it is closed already. */
  boolean beginInterruptible() {
    synchronized (lock) {
      if (closed) {
        return false;
      }
      interruptible = true;
      return true;
    }
  }

  void endInterruptible() {
    synchronized (lock) {
      interruptible = false;
    }
  }

  /** Wakes the monitor's thread, and interrupts it if it runs what may be interrupted. */
  void close(Thread thread) {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
      if (interruptible && Thread.currentThread() != thread) {
        thread.interrupt();
      }
    }
  }
}
