package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.base.Jdk;
import java.lang.reflect.InvocationTargetException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which threads are LeakCheck's own, virtual ones included. Needs nothing but {@code java.base},
 * since hooks of the agent ask it. Thread-safe.
 */
public final class OwnThreads {

  /** Those that have not ended. */
  private static final Set<Thread> VIRTUAL = ConcurrentHashMap.newKeySet();

  private OwnThreads() {}

  /**
   * Whether a thread is LeakCheck's own.
   *
   * @param thread a platform or virtual thread
   * @return true if LeakCheck made it for itself
   */
  public static boolean has(Thread thread) {
    return thread instanceof OwnThread || (Jdk.isVirtual(thread) && VIRTUAL.contains(thread));
  }

  /**
   * The ids of the virtual ones.
   *
   * @return of those that have not ended
   */
  public static Set<Long> virtualIds() {
    Set<Long> ids = new HashSet<>();
    VIRTUAL.forEach(thread -> ids.add(Jdk.threadId(thread)));
    return ids;
  }

  /**
   * A virtual thread that inherits nothing. Not started yet; one that is not started is to be
   * {@linkplain #forget forgotten}.
   */
  static Thread virtual(String name, Runnable body) {
    try {
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      builder = type.getMethod("name", String.class).invoke(builder, name);
      builder =
          type.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(builder, false);
      Runnable whole =
          () -> {
            try {
              body.run();
            } finally {
              forget(Thread.currentThread());
            }
          };
      Thread thread = (Thread) type.getMethod("unstarted", Runnable.class).invoke(builder, whole);
      VIRTUAL.add(thread);
      return thread;
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException before21) {
      throw new UnsupportedOperationException("virtual threads came with Java 21", before21);
    }
  }

  static void forget(Thread virtual) {
    VIRTUAL.remove(virtual);
  }
}
