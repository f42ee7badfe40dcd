package dev.leakcheck.capture.objects;

import dev.leakcheck.model.ExecutorRecord;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks an executor about itself, through its public methods only. Never throws: an executor that
 * fails to answer is one whose state is not known. Thread-safe.
 */
public final class ExecutorProbe {

  private static final String PER_TASK = "java.util.concurrent.ThreadPerTaskExecutor";

  private ExecutorProbe() {}

  /**
   * What an executor says of itself.
   *
   * @param executor the executor
   * @return its state, or null if it failed to answer
   */
  @SuppressWarnings("CatchAndPrintStackTrace")
  public static ExecutorRecord.@Nullable State state(ExecutorService executor) {
    try {
      if (executor instanceof ThreadPoolExecutor pool) {
        return new ExecutorRecord.State(
            pool.isShutdown(),
            pool.isTerminated(),
            pool.getCorePoolSize(),
            pool.getMaximumPoolSize(),
            pool.getActiveCount(),
            pool.getQueue().size(),
            pool.getCompletedTaskCount(),
            pool.getKeepAliveTime(TimeUnit.MILLISECONDS));
      }
      if (executor instanceof ForkJoinPool pool) {
        return new ExecutorRecord.State(
            pool.isShutdown(),
            pool.isTerminated(),
            pool.getParallelism(),
            -1,
            pool.getActiveThreadCount(),
            pool.getQueuedTaskCount() + pool.getQueuedSubmissionCount(),
            -1,
            -1);
      }
      return ExecutorRecord.State.of(executor.isShutdown(), executor.isTerminated());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return null;
    }
  }

  /**
   * The queue in which an executor keeps tasks that wait.
   *
   * @param executor the executor
   * @return the queue, or null if it has none or failed to answer
   */
  public static @Nullable Object workQueue(ExecutorService executor) {
    try {
      return executor instanceof ThreadPoolExecutor pool ? pool.getQueue() : null;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return null;
    }
  }

  /**
   * Whether an agent records executors of this kind as they are made.
   *
   * @param executor the executor
   * @return false if its class extends none of the JDK's
   */
  public static boolean isRecorded(ExecutorService executor) {
    return executor instanceof AbstractExecutorService
        || executor.getClass().getName().equals(PER_TASK);
  }

  /**
   * Class name and identity hash code, as the JDK names an executor in its thread dump.
   *
   * @param object the executor
   * @return the identity
   */
  public static String identity(Object object) {
    return object.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(object));
  }
}
