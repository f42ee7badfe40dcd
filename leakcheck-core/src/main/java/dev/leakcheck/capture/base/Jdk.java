package dev.leakcheck.capture.base;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** What the running JDK offers beyond Java 17. Thread-safe. */
public final class Jdk {

  /** The feature release that runs. */
  public static final int FEATURE = Runtime.version().feature();

  /** Whether the JDK has virtual threads and lists executors in its thread dump. */
  public static final boolean HAS_CONTAINERS = FEATURE >= 21;

  /** Whether nobody can override a thread's id. */
  public static final boolean HAS_FINAL_ID = FEATURE >= 19;

  /** Whether executors can be closed. */
  public static final boolean CLOSES_EXECUTORS =
      AutoCloseable.class.isAssignableFrom(ExecutorService.class);

  /** Whether the JDK may lose what wakes a parked virtual thread: JDK-8369227. */
  public static final boolean LOSES_UNPARKS = losesUnparks(Runtime.version());

  /**
   * Whether the JDK's thread dump may bring the JVM down while virtual threads are mounted and
   * unmounted: JDK-8364343. Java 26 mended it.
   */
  public static final boolean DUMPS_NEED_STILLNESS = dumpsNeedStillness(FEATURE);

  private static final MethodHandle THREAD_ID = threadIdHandle();
  private static final @Nullable MethodHandle IS_VIRTUAL = isVirtualHandle();

  /** Before Java 19: whether a class of threads overrides {@code getId()}. */
  private static final class OverriddenIds {
    static final JdkField FIELD = JdkField.of("java.lang.Thread", "tid");

    static final ClassValue<Boolean> OF =
        new ClassValue<>() {
          @Override
          protected Boolean computeValue(Class<?> type) {
            try {
              return type.getMethod("getId").getDeclaringClass() != Thread.class;
            } catch (NoSuchMethodException | SecurityException | LinkageError e) {
              return true;
            }
          }
        };
  }

  private Jdk() {}

  /**
   * A thread's id. {@code Thread.threadId()} is final; {@code getId()}, all there is before Java
   * 19, can be overridden: then the field is read.
   *
   * @param thread the thread
   * @return the id
   */
  public static long threadId(Thread thread) {
    if (overridesId(thread) && OverriddenIds.FIELD.read(thread) instanceof Long id) {
      return id;
    }
    try {
      return (long) THREAD_ID.invokeExact(thread);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Whether a thread's class overrides {@code getId()}, which the JVM's own descriptions of threads
   * call before Java 19.
   *
   * @param thread the thread
   * @return false on Java 19 and later
   */
  public static boolean overridesId(Thread thread) {
    return !HAS_FINAL_ID && OverriddenIds.OF.get(thread.getClass());
  }

  /**
   * Whether a thread is virtual.
   *
   * @param thread the thread
   * @return true if it is
   */
  public static boolean isVirtual(Thread thread) {
    if (IS_VIRTUAL == null) {
      return false;
    }
    try {
      return (boolean) IS_VIRTUAL.invokeExact(thread);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Whether the JDK lets LeakCheck read the private fields of a package's classes, as it does once
   * the agent is in place.
   *
   * @param packageName a package of {@code java.base}
   * @return true if it is open to LeakCheck's own module
   */
  public static boolean opens(String packageName) {
    return Object.class.getModule().isOpen(packageName, Jdk.class.getModule());
  }

  /**
   * The same of another module of the JDK's.
   *
   * @param moduleName the module
   * @param packageName one of its packages
   * @return false if the JVM runs without the module
   */
  static boolean opens(String moduleName, String packageName) {
    return moduleName.equals("java.base")
        ? opens(packageName)
        : ModuleLayer.boot()
            .findModule(moduleName)
            .filter(module -> module.isOpen(packageName, Jdk.class.getModule()))
            .isPresent();
  }

  /**
   * The same of another JVM.
   *
   * @param feature the feature release that it runs
   * @return true if its thread dump may bring it down
   */
  public static boolean dumpsNeedStillness(int feature) {
    return feature == 25;
  }

  /** It came with 25, and was mended in 25.0.3, 26.0.1 and 27. */
  static boolean losesUnparks(Runtime.Version jdk) {
    int mendedIn = jdk.feature() == 25 ? 3 : jdk.feature() == 26 ? 1 : 0;
    return jdk.interim() == 0 && jdk.update() < mendedIn;
  }

  private static MethodHandle threadIdHandle() {
    MethodType type = MethodType.methodType(long.class);
    try {
      return MethodHandles.publicLookup().findVirtual(Thread.class, "threadId", type);
    } catch (ReflectiveOperationException beforeJava19) {
      try {
        return MethodHandles.publicLookup().findVirtual(Thread.class, "getId", type);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("java.lang.Thread has no id", e);
      }
    }
  }

  private static @Nullable MethodHandle isVirtualHandle() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (ReflectiveOperationException beforeJava21) {
      return null;
    }
  }
}
