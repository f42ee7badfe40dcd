package dev.leakcheck.capture.base;

import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Reads which thread runs a {@code FutureTask}, from a private field. Thread-safe. */
public final class FutureTasks {

  private static final JdkField RUNNER = JdkField.of("java.util.concurrent.FutureTask", "runner");

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
}
