package dev.leakcheck.capture.ask;

import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Stops what was found, where the user asked for that. What runs is the JDK's own, as {@link
 * Answers} lists it: a class that overrides a part of it is left alone. Either call may take a lock
 * that somebody holds, so it is made on a thread that can be spared. Never throws. Thread-safe.
 */
public final class Stop {

  private Stop() {}

  /**
   * Whether a thread may be interrupted.
   *
   * @param thread a thread of either kind
   * @return false if its class overrides that
   */
  public static boolean mayInterrupt(Thread thread) {
    return Answers.cost(thread, "interrupt") != null;
  }

  /** Interrupts a thread, if that may be. */
  public static void interrupt(Thread thread) {
    if (mayInterrupt(thread)) {
      Ask.quietly(
          () -> {
            thread.interrupt();
            return null;
          });
    }
  }

  /**
   * Whether an executor may be told to stop at once, which interrupts its threads.
   *
   * @param executor the executor
   * @param threads those of its threads that are known
   * @return false if code that is not the JDK's would run: a method that its class overrides, its
   *     queue's, what that compares tasks by, or that of a thread's class
   */
  public static boolean mayShutDown(ExecutorService executor, Collection<Thread> threads) {
    if (Answers.cost(executor, "shutdownNow") == null
        || !threads.stream().allMatch(Stop::mayInterrupt)) {
      return false;
    }
    if (executor instanceof ThreadPoolExecutor pool) {
      BlockingQueue<?> queue = Ask.workQueue(pool);
      return queue != null
          && queue.getClass().getModule() == Object.class.getModule()
          && !(queue instanceof PriorityBlockingQueue)
          && !(queue instanceof DelayQueue);
    }
    return true;
  }

  /** Tells an executor to stop at once, if that may be. What had not begun is never run. */
  public static boolean shutDown(ExecutorService executor, Collection<Thread> threads) {
    return mayShutDown(executor, threads)
        && Ask.quietly(
                () -> {
                  executor.shutdownNow();
                  return true;
                })
            != null;
  }
}
