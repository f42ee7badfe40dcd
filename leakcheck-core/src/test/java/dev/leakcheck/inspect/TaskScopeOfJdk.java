package dev.leakcheck.inspect;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/** A {@code StructuredTaskScope}, a preview API that reflection uses without a flag. */
public final class TaskScopeOfJdk implements AutoCloseable {

  public static final boolean AVAILABLE = Runtime.version().feature() >= 25;

  private static final String NAME = "java.util.concurrent.StructuredTaskScope";

  private final Object scope;

  private TaskScopeOfJdk(Object scope) {
    this.scope = scope;
  }

  /** Skips the test where there is none, or one with another API. */
  public static void assume() {
    assumeTrue(AVAILABLE, "StructuredTaskScope.open came with JDK 25");
  }

  public static TaskScopeOfJdk open() {
    return new TaskScopeOfJdk(call("open", null, new Class<?>[0]));
  }

  public void fork(Callable<?> task) {
    call("fork", scope, new Class<?>[] {Callable.class}, task);
  }

  public void join() {
    call("join", scope, new Class<?>[0]);
  }

  @Override
  public void close() {
    call("close", scope, new Class<?>[0]);
  }

  private static Object call(String name, Object on, Class<?>[] types, Object... arguments) {
    try {
      Method method = Class.forName(NAME).getMethod(name, types);
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
