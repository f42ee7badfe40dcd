package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ForkJoinPool.commonPool()} works on. Whoever first asks for that pool fixes how many
 * threads it has, from system properties that the program may still want to set: so nobody here
 * asks for it until a worker of any fork-join pool was seen, and with it that it is fixed.
 * Thread-safe.
 */
public final class CommonPool {

  private static volatile @Nullable ForkJoinPool pool;
  private static volatile long startedAtLastLook = -1;

  private CommonPool() {}

  /** Takes note of a thread that is alive or about to be started. */
  public static void seen(Thread thread) {
    if (pool == null && thread instanceof ForkJoinWorkerThread) {
      pool = ForkJoinPool.commonPool();
    }
  }

  /** Looks for workers among the live threads, unless none was started since the last look. */
  public static void look() {
    if (pool == null) {
      long started = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();
      if (started != startedAtLastLook) {
        LiveThreads.all(); // which takes note of all of them
        startedAtLastLook = started;
      }
    }
  }

  /**
   * Whether an object is the common pool.
   *
   * @param executor any object
   * @return true if it is
   */
  public static boolean is(@Nullable Object executor) {
    return executor instanceof ForkJoinPool && executor == ForkJoinPool.commonPool();
  }

  /**
   * Whether it is the common pool that LeakCheck calls so.
   *
   * @param identity the executor as {@link Identity} names it
   * @return true if it is
   */
  public static boolean isNamed(String identity) {
    ForkJoinPool common = pool;
    return identity.startsWith("ForkJoinPool.commonPool")
        || (common != null && identity.equals(Identity.of(common)));
  }

  /**
   * Whether a task runs or is queued. Costs nanoseconds.
   *
   * @return false if nothing is, or if no worker was seen so far
   */
  public static boolean isBusy() {
    ForkJoinPool common = pool;
    return common != null && !Ask.isQuiescent(common);
  }

  /**
   * How many tasks its workers have done. Costs nanoseconds.
   *
   * @return the number; 0 if no worker was seen so far
   */
  public static long done() {
    ForkJoinPool common = pool;
    return common == null ? 0 : Math.max(0, Ask.stealCount(common));
  }

  /**
   * The workers that run a task.
   *
   * @return one record for each
   */
  public static List<ThreadRecord> busyWorkers() {
    ForkJoinPool common = pool;
    if (common == null) {
      return List.of();
    }
    List<Thread> workers = new ArrayList<>();
    for (Thread thread : LiveThreads.all()) {
      if (thread instanceof ForkJoinWorkerThread worker && Ask.pool(worker) == common) {
        workers.add(thread);
      }
    }
    return LiveThreads.describe(workers).stream()
        .filter(worker -> Stacks.has(worker.stack(), "java.util.concurrent.ForkJoinTask", "doExec"))
        .toList();
  }

  /**
   * How many tasks wait for a worker.
   *
   * @return the number
   */
  public static long queued() {
    ForkJoinPool common = pool;
    return common == null ? 0 : Math.max(0, Ask.queuedCount(common));
  }
}
