package dev.leakcheck.corpus;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Callable;

/** {@code StructuredTaskScope}, a preview of Java 21 to 25 whose shape changed on the way. */
final class TaskScopes {

  private TaskScopes() {}

  private static Class<?> type() throws ClassNotFoundException {
    return Class.forName("java.util.concurrent.StructuredTaskScope");
  }

  static AutoCloseable open() throws Exception {
    Class<?> type = type();
    return (AutoCloseable)
        (type.isInterface()
            ? type.getMethod("open").invoke(null)
            : type.getConstructor().newInstance());
  }

  static void fork(AutoCloseable scope, Callable<Object> task) throws Exception {
    call(() -> type().getMethod("fork", Callable.class).invoke(scope, task));
  }

  static void join(AutoCloseable scope) throws Exception {
    call(() -> type().getMethod("join").invoke(scope));
  }

  private static void call(Callable<?> reflective) throws Exception {
    try {
      reflective.call();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
