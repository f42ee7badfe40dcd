package dev.leakcheck.capture.base;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Reads what a {@code FutureTask} is run by, from private fields. Thread-safe. */
public final class FutureTasks {

  private static final JdkField RUNNER = JdkField.of("java.util.concurrent.FutureTask", "runner");

  private static final String BOUND =
      "java.util.concurrent.ThreadPerTaskExecutor$ThreadBoundFuture";
  private static final JdkField THREAD = JdkField.of(BOUND, "thread");
  private static final JdkField EXECUTOR = JdkField.of(BOUND, "executor");

  private FutureTasks() {}

  /**
   * Whether that can be read on every JDK.
   *
   * @return false without an agent
   */
  public static boolean areReadable() {
    return Jdk.opens("java.util.concurrent");
  }

  /**
   * The thread that runs a task now.
   *
   * @param task the task
   * @return the thread, or null if none does or that can't be read
   */
  public static @Nullable Thread runner(FutureTask<?> task) {
    return RUNNER.read(task) instanceof Thread thread ? thread : null;
  }

  /**
   * Whether a task is one that an executor makes a thread for, which runs nothing else.
   *
   * @param task any object
   * @return whether it is; it is no {@code FutureTask} on every JDK
   */
  public static boolean isBound(Object task) {
    return task.getClass().getName().equals(BOUND);
  }

  /**
   * The thread that such a task was made with.
   *
   * @param task any object
   * @return the thread, which need not have been started; null if it is no such task, its
   *     constructor has not ended, or that can't be read
   */
  public static @Nullable Thread bound(Object task) {
    return task instanceof FutureTask && THREAD.read(task) instanceof Thread thread ? thread : null;
  }

  /**
   * The executor that made a thread for a task.
   *
   * @param task any object
   * @return the executor, or null as with {@link #bound}
   */
  public static @Nullable ExecutorService executor(Object task) {
    return task instanceof FutureTask && EXECUTOR.read(task) instanceof ExecutorService executor
        ? executor
        : null;
  }
}
