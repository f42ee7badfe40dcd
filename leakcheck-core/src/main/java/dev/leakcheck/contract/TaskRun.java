package dev.leakcheck.contract;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** One run of a task on a thread of its own, which tells when it began and how it ended. */
final class TaskRun implements Runnable {

  private final Contracts.Task task;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable Thread thread;
  private volatile long endedAt;
  private volatile @Nullable Throwable thrown;

  TaskRun(Contracts.Task task) {
    this.task = task;
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    try {
      task.run();
    } catch (Throwable failure) { // whatever the user's code throws is judged
      thrown = failure;
    } finally {
      endedAt = System.nanoTime();
      done.countDown();
    }
  }

  /** A thread that runs it, started. */
  Thread start(ThreadFactory threads) {
    Thread made = threads.newThread(this);
    if (made == null) {
      throw new IllegalArgumentException("the thread factory made no thread");
    }
    made.start();
    return made;
  }

  /** The thread that has begun it, or null. */
  @Nullable Thread thread() {
    return thread;
  }

  boolean hasEnded() {
    return done.getCount() == 0;
  }

  /** When it ended; only if it has. */
  long endedAt() {
    return endedAt;
  }

  /** What it threw, or null. */
  @Nullable Throwable thrown() {
    return thrown;
  }
}
