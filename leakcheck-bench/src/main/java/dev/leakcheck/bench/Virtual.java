package dev.leakcheck.bench;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Virtual threads, which Java 17 does not declare. */
final class Virtual {

  private static final @Nullable MethodHandle START = find();

  private Virtual() {}

  static boolean isSupported() {
    return START != null;
  }

  static Thread start(Runnable task) {
    MethodHandle start = START;
    if (start == null) {
      throw new UnsupportedOperationException("virtual threads need JDK 21");
    }
    try {
      return (Thread) start.invokeExact(task);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** An executor that has a virtual thread for each task. */
  static ExecutorService newExecutor() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new UnsupportedOperationException("virtual threads need JDK 21", e);
    }
  }

  private static @Nullable MethodHandle find() {
    if (Runtime.version().feature() < 21) {
      return null;
    }
    try {
      return MethodHandles.publicLookup()
          .findStatic(
              Thread.class,
              "startVirtualThread",
              MethodType.methodType(Thread.class, Runnable.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
