package dev.leakcheck.capture.waits;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Jdk;
import java.lang.reflect.Field;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Reads which thread runs a {@code FutureTask}, from a private field, which the agent has opened.
 * Thread-safe.
 */
public final class FutureTasks {

  private FutureTasks() {}

  /** The field, looked up once the package is open. */
  private static final class Opened {
    static final @Nullable Field RUNNER = runner();

    private static @Nullable Field runner() {
      try {
        Field field = FutureTask.class.getDeclaredField("runner");
        return field.trySetAccessible() ? field : null;
      } catch (NoSuchFieldException | RuntimeException otherwiseBuilt) {
        return null;
      }
    }
  }

  /**
   * Whether that can be read.
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
    return areReadable()
            && Opened.RUNNER != null
            && Fields.read(Opened.RUNNER, task) instanceof Thread thread
        ? thread
        : null;
  }
}
