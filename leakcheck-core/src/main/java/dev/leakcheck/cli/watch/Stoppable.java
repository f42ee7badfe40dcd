package dev.leakcheck.cli.watch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a watch pause, and lets Ctrl-C end the pause: the JVM then waits for the watch's summary
 * before it ends.
 */
final class Stoppable implements Watch.Pause, AutoCloseable {

  private static final long PATIENCE_SECONDS = 5;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "leakcheck-watch-stop");

  Stoppable() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop() {
    stopped.countDown();
    try {
      boolean summed = over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assert summed || over.getCount() > 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean await(Duration time) {
    try {
      return !stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    over.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException theJvmEnds) {
      // The hook has run.
    }
  }
}
