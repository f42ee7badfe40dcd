package org.junit.platform.acme;

import dev.leakcheck.junit5.NoLeaks;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Lies in a package of {@code org.junit.platform}, and is no part of that. */
@NoLeaks
public class LeakyTestCase {

  private static final String NAME = "junit-1-worker-3";

  private static final class Worker extends Thread {
    Worker() {
      super(NAME);
    }

    @Override
    public void run() {
      waitForEver();
    }
  }

  private static void waitForEver() {
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.park();
    }
  }

  private static Thread start(Thread thread) {
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Test
  void leavesAThread() {
    start(new Thread(LeakyTestCase::waitForEver, NAME));
  }

  @Test
  void leavesAThreadOfItsOwnClass() {
    start(new Worker());
  }

  @Test
  void leavesABusyPool() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, NAME);
              thread.setDaemon(true);
              return thread;
            });
    pool.execute(LeakyTestCase::waitForEver);
  }

  @Test
  void leavesNothing() throws InterruptedException {
    Thread thread = start(new Worker());
    thread.interrupt();
    thread.join();
  }
}
