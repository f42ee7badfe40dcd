package dev.leakcheck.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Threads that are merely alive: parked, with a short stack. */
final class Crowd {

  private static final long STACK_BYTES = 64 << 10;

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  /**
   * Starts threads and waits until all are parked.
   *
   * @param platform how many platform threads
   * @param virtual how many virtual threads
   */
  Crowd(int platform, int virtual) throws InterruptedException {
    CountDownLatch parked = new CountDownLatch(platform + virtual);
    for (int i = 0; i < platform; i++) {
      Thread thread = new Thread(null, () -> waitFor(parked), "crowd-" + i, STACK_BYTES);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    for (int i = 0; i < virtual; i++) {
      threads.add(Virtual.start(() -> waitFor(parked)));
    }
    parked.await();
  }

  /** As many more platform threads as make the JVM's live ones a given number. */
  static Crowd upTo(int live) throws InterruptedException {
    return new Crowd(Math.max(0, live - Thread.getAllStackTraces().size()), 0);
  }

  private void waitFor(CountDownLatch parked) {
    parked.countDown();
    while (!over) {
      LockSupport.park(this);
    }
  }

  /** Ends all of them. */
  void end() throws InterruptedException {
    over = true;
    threads.forEach(LockSupport::unpark);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
