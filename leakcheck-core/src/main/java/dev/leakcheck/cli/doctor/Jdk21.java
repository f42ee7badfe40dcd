package dev.leakcheck.cli.doctor;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What JDK 21 brought and code for 17 cannot name. */
final class Jdk21 {

  private static final int VIRTUAL_THREADS = 21;

  private Jdk21() {}

  static boolean isHere() {
    return isOf(Runtime.version().feature());
  }

  static boolean isOf(int feature) {
    return feature >= VIRTUAL_THREADS;
  }

  static Thread startVirtual(Runnable body) throws Exception {
    return (Thread) call(Thread.class.getMethod("startVirtualThread", Runnable.class), null, body);
  }

  /** Opens a {@code StructuredTaskScope}, a preview whose shape changed on the way. */
  static AutoCloseable openTaskScope() throws Exception {
    Class<?> type = taskScope();
    return (AutoCloseable)
        (type.isInterface()
            ? call(type.getMethod("open"), null)
            : type.getConstructor().newInstance());
  }

  static void fork(AutoCloseable scope, Callable<Object> task) throws Exception {
    call(taskScope().getMethod("fork", Callable.class), scope, task);
  }

  static void join(AutoCloseable scope) throws Exception {
    call(taskScope().getMethod("join"), scope);
  }

  private static Class<?> taskScope() throws ClassNotFoundException {
    return Class.forName("java.util.concurrent.StructuredTaskScope");
  }

  private static Object call(Method method, @Nullable Object target, Object... arguments)
      throws Exception {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
