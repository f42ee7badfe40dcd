package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.ThreadField;
import java.lang.reflect.Field;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Leads from a worker thread to its {@code ThreadPoolExecutor}, from the thread that waits for the
 * delayed tasks of a {@code ForkJoinPool} to that, and from a wrapper of the JDK to the executor
 * that it hides.
 *
 * <p>Reads private fields of the JDK. Where one cannot be read the answer is null; workers are then
 * grouped by their names. Thread-safe.
 */
public final class WorkerExecutors {

  private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";

  private static final JdkField POOL = JdkField.of(WORKER, "this$0");
  private static final JdkField COMPLETED = JdkField.of(WORKER, "completedTasks");
  private static final JdkField DELAYS = JdkField.of("java.util.concurrent.DelayScheduler", "pool");
  private static final JdkField CONTAINER = JdkField.of("java.lang.Thread", "container");
  private static final JdkField WRAPPED =
      JdkField.of("java.util.concurrent.Executors$DelegatedExecutorService", "e");

  private WorkerExecutors() {}

  /**
   * Whether the fields are read at all.
   *
   * @return false if no worker leads to its executor
   */
  public static boolean isTold() {
    return ThreadField.TASK.isReadable() && POOL.isReadable();
  }

  /**
   * The executor that a thread works for.
   *
   * @param thread a platform thread
   * @return the executor, or null if it works for none or that can't be told
   */
  public static @Nullable ExecutorService of(Thread thread) {
    if (DELAYS.read(thread) instanceof ExecutorService pool) {
      return pool;
    }
    return POOL.read(worker(ThreadField.TASK.read(thread))) instanceof ExecutorService pool
        ? pool
        : null;
  }

  /**
   * The executor that a thread works for, also one that has started it for a single task.
   *
   * @param thread a thread, platform or virtual
   * @return the executor, or null if it works for none or that can't be told
   */
  public static @Nullable ExecutorService ofAny(Thread thread) {
    return CONTAINER.read(thread) instanceof ExecutorService executor ? executor : of(thread);
  }

  /**
   * How many tasks a worker of a {@code ThreadPoolExecutor} has run.
   *
   * @param thread a thread, platform or virtual
   * @return the number, or -1 if it is no such worker, or that can't be told
   */
  public static long completed(Thread thread) {
    return COMPLETED.read(worker(ThreadField.TASK.read(thread))) instanceof Long completed
        ? completed
        : -1;
  }

  /** A thread factory may wrap the worker in a task of its own. */
  private static @Nullable Object worker(@Nullable Object task) {
    if (task == null || task.getClass().getName().equals(WORKER)) {
      return task;
    }
    for (Field field : Fields.ofInstances(task.getClass())) {
      Object value = Fields.read(field, task);
      if (value != null && value.getClass().getName().equals(WORKER)) {
        return value;
      }
    }
    return null;
  }

  /**
   * Whether an executor is a wrapper of the JDK's whose executor could not be reached.
   *
   * @param executor any executor
   * @return false if nothing is hidden in it
   */
  public static boolean hidesAnother(ExecutorService executor) {
    return executor.getClass().getName().startsWith("java.util.concurrent.Executors$")
        && unwrap(executor) == executor;
  }

  /**
   * The executor that a wrapper of the JDK hides.
   *
   * @param executor any executor
   * @return the innermost executor that could be reached; the executor itself if it is no wrapper
   */
  public static ExecutorService unwrap(ExecutorService executor) {
    return WRAPPED.read(executor) instanceof ExecutorService inner ? unwrap(inner) : executor;
  }
}
