package dev.leakcheck.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a thread does for a pool, or waits for, by its stack, innermost frame first. Thread-safe.
 */
public final class WorkerStacks {

  private static final List<String> PARKING =
      List.of(
          "jdk.internal.misc.Unsafe",
          "jdk.internal.misc.VirtualThreads",
          "sun.misc.Unsafe",
          "java.util.concurrent.locks.",
          "java.lang.VirtualThread",
          "java.lang.System$");

  private static final List<String> UNDELAYED =
      List.of(
          "java.util.concurrent.ArrayBlockingQueue",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.LinkedBlockingDeque",
          "java.util.concurrent.LinkedBlockingQueue",
          "java.util.concurrent.LinkedTransferQueue",
          "java.util.concurrent.SynchronousQueue");

  private WorkerStacks() {}

  /**
   * Whether the thread waits for input or output. A virtual thread parks for it, so that its state
   * does not tell.
   *
   * @param stack the stack
   * @return true if it is in the JDK's channels or sockets
   */
  public static boolean isInIo(List<StackTraceElement> stack) {
    StackTraceElement frame = belowParking(stack);
    return frame != null && frame.getClassName().startsWith("sun.nio.ch.");
  }

  /** The innermost frame that does more than park the thread. */
  private static @Nullable StackTraceElement belowParking(List<StackTraceElement> stack) {
    for (StackTraceElement frame : stack) {
      if (PARKING.stream().noneMatch(frame.getClassName()::startsWith)) {
        return frame;
      }
    }
    return null;
  }

  /**
   * Whether the thread is a worker of a {@code ThreadPoolExecutor} that waits for its next task.
   *
   * @param stack the stack
   * @return true if it is idle
   */
  public static boolean isIdlePoolWorker(List<StackTraceElement> stack) {
    return Stacks.has(stack, "java.util.concurrent.ThreadPoolExecutor", "getTask");
  }

  /**
   * Whether the thread is a worker of a {@code ThreadPoolExecutor} that waits for its next task in
   * one of the JDK's queues without delay. If it waits with a time limit, that ends the worker and
   * starts no task.
   *
   * @param stack the stack
   * @return true if it is idle and nothing is scheduled for it
   */
  public static boolean isUnscheduledIdlePoolWorker(List<StackTraceElement> stack) {
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      if (type.equals("java.util.concurrent.ThreadPoolExecutor")) {
        return frame.getMethodName().equals("getTask");
      }
      if (PARKING.stream().noneMatch(type::startsWith)
          && UNDELAYED.stream().noneMatch(type::startsWith)) {
        return false;
      }
    }
    return false;
  }

  /**
   * Whether the thread is a worker of a {@code ScheduledThreadPoolExecutor} that waits for its next
   * task.
   *
   * @param stack the stack
   * @return true if it is idle
   */
  public static boolean isIdleScheduledPoolWorker(List<StackTraceElement> stack) {
    return isIdlePoolWorker(stack)
        && Stacks.runs(stack, "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue");
  }

  /**
   * Whether the thread works for a {@code ThreadPoolExecutor}, idle or not.
   *
   * @param stack the stack
   * @return true if it does
   */
  public static boolean isPoolWorker(List<StackTraceElement> stack) {
    return Stacks.has(stack, "java.util.concurrent.ThreadPoolExecutor$Worker", "run");
  }

  /**
   * Whether all that the worker of a fork-join pool runs was given to {@code execute()}, which
   * gives nobody a future of it.
   *
   * @param stack the stack
   * @return false as well where it runs several tasks, one within another
   */
  public static boolean isExecuting(List<StackTraceElement> stack) {
    return Stacks.runs(stack, "java.util.concurrent.ForkJoinTask$RunnableExecuteAction")
        && stack.stream().filter(frame -> frame.getMethodName().equals("doExec")).count() == 1;
  }

  /**
   * Whether the JDK's frames of a thread do not say whose it is, as those of a pool's worker or of
   * a timer. Where they do, somebody gave the JDK's code to the thread to run.
   *
   * @param thread a thread in whose stack are no frames but the JDK's
   * @return true also if it has none, or has only begun
   */
  public static boolean hidesTask(ThreadRecord thread) {
    return thread.executor() != null
        || thread.type().equals("java.util.TimerThread")
        || isPoolWorker(thread.stack())
        || isIdleForkJoinWorker(thread.stack())
        || thread.stack().stream()
            .allMatch(frame -> frame.getClassName().startsWith("java.lang.Thread"));
  }

  /**
   * Whether the thread is a worker of a {@code ForkJoinPool} that waits for its next task. Such a
   * worker may wait with a time limit, which ends the worker and not the pool.
   *
   * @param stack the stack
   * @return true if it is idle
   */
  public static boolean isIdleForkJoinWorker(List<StackTraceElement> stack) {
    StackTraceElement frame = belowParking(stack);
    return frame != null
        && frame.getClassName().equals("java.util.concurrent.ForkJoinPool")
        && frame.getMethodName().equals("awaitWork");
  }

  /**
   * Whether the thread waits for a lock of {@code java.util.concurrent.locks}.
   *
   * @param stack the stack
   * @return true if it does
   */
  public static boolean isAcquiringLock(List<StackTraceElement> stack) {
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      if (type.equals("java.util.concurrent.locks.AbstractQueuedSynchronizer")
          || type.equals("java.util.concurrent.locks.AbstractQueuedLongSynchronizer")) {
        return frame.getMethodName().startsWith("acquire");
      }
      if (PARKING.stream().noneMatch(type::startsWith)) {
        return false;
      }
    }
    return false;
  }
}
