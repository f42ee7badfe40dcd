package dev.leakcheck.stress;

import dev.leakcheck.Jdk21;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadFactory;

/** Makes the threads of an executor and knows them: they outlive its termination by a moment. */
final class Workers implements ThreadFactory, ForkJoinPool.ForkJoinWorkerThreadFactory {

  private static final long PATIENCE_MILLIS = 30_000;

  private final boolean virtual;
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

  Workers(boolean virtual) {
    this.virtual = virtual;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = virtual ? Jdk21.virtualThreads().newThread(task) : new Thread(task, "worker");
    threads.add(thread);
    return thread;
  }

  @Override
  public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    threads.add(thread);
    return thread;
  }

  void join() throws InterruptedException {
    for (Thread thread : threads) {
      join(thread);
    }
  }

  static void join(Thread thread) throws InterruptedException {
    thread.join(PATIENCE_MILLIS);
    if (thread.isAlive()) {
      throw new IllegalStateException(thread + " did not end");
    }
  }
}
