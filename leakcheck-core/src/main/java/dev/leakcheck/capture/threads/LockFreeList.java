package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.JdkField;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Lists live platform threads without a lock. Before Java 19 {@code ThreadGroup.enumerate} takes
 * the monitor of every group, which somebody may hold for ever; what the JVM itself tells is asked
 * instead. From then on {@code enumerate} asks the JVM as well. Thread-safe.
 */
final class LockFreeList {

  private static final int FIRST_WITHOUT_LOCKS = 19;

  private static final @Nullable MethodHandle THREADS =
      Jdk.FEATURE < FIRST_WITHOUT_LOCKS ? find() : null;

  private LockFreeList() {}

  private static @Nullable MethodHandle find() {
    Object all = JdkField.of("java.lang.invoke.MethodHandles$Lookup", "IMPL_LOOKUP").readStatic();
    try {
      return all instanceof MethodHandles.Lookup lookup
          ? lookup.findStatic(Thread.class, "getThreads", MethodType.methodType(Thread[].class))
          : null;
    } catch (ReflectiveOperationException | LinkageError otherwiseBuilt) {
      return null;
    }
  }

  /** All live platform threads; null where groups have to be asked. */
  static Thread @Nullable [] threads() {
    if (THREADS == null) {
      return null;
    }
    try {
      return (Thread[]) THREADS.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable cannotBe) {
      throw new AssertionError(cannotBe);
    }
  }
}
