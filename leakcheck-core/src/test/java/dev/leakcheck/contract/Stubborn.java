package dev.leakcheck.contract;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Code that does not stop when it is interrupted, until the test is over. */
final class Stubborn implements AutoCloseable {

  /** What no machine needs, for what must come about. */
  static final java.time.Duration PLENTY = java.time.Duration.ofSeconds(60);

  /** For what can never come about. */
  static final java.time.Duration BRIEF = java.time.Duration.ofMillis(20);

  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean released;

  /** Catches each interrupt and waits again. */
  void swallow() {
    while (!released) {
      try {
        over.await();
      } catch (InterruptedException e) {
        // goes on: that is what is planted
      }
    }
  }

  /** Catches the interrupt and waits somewhere else. */
  void swallowAndMoveOn() {
    try {
      over.await();
    } catch (InterruptedException e) {
      elsewhere();
    }
  }

  private void elsewhere() {
    while (!released) {
      try {
        TimeUnit.HOURS.sleep(1);
      } catch (InterruptedException e) {
        // goes on: that is what is planted
      }
    }
  }

  /** Runs and never looks at the flag. */
  void spin() {
    while (!released) {
      Thread.onSpinWait();
    }
  }

  void release() {
    released = true;
    over.countDown();
  }

  @Override
  public void close() {
    release();
  }
}
