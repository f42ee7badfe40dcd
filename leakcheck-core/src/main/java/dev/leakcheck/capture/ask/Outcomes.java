package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.base.JdkField;
import java.lang.ref.SoftReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What objects of the JDK's hold that are there to hold one other: references, futures that are
 * done, and dynamic proxies. Of futures fields are read where that can be done, as an agent notes
 * who asks one. Never throws. Thread-safe.
 */
public final class Outcomes {

  private static final JdkField RESULT =
      JdkField.of("java.util.concurrent.CompletableFuture", "result");
  private static final String NO_RESULT = "java.util.concurrent.CompletableFuture$AltResult";
  private static final JdkField STATE = JdkField.of("java.util.concurrent.FutureTask", "state");
  private static final JdkField OUTCOME = JdkField.of("java.util.concurrent.FutureTask", "outcome");
  private static final Integer NORMAL = 2;
  private static final @Nullable Method RESULT_NOW = resultNow();

  private Outcomes() {}

  /**
   * What an object holds.
   *
   * @param object any object
   * @return null if it is none of these, holds nothing, has failed, or is not to be asked
   */
  public static @Nullable Object of(Object object) {
    if (object instanceof AtomicReference<?> reference) {
      return Contents.value(reference);
    }
    if (object instanceof Optional<?> optional) {
      return Contents.value(optional);
    }
    if (object instanceof SoftReference<?> reference) {
      return Ask.may(reference, "get", Cost.NONE) ? Ask.quietly(reference::get) : null;
    }
    if (object instanceof CompletableFuture<?> stage) {
      return RESULT.isReadable() ? result(RESULT.read(stage)) : result(stage);
    }
    if (object instanceof FutureTask<?> task) {
      return STATE.isReadable() && OUTCOME.isReadable() ? outcome(task) : resultOf(task);
    }
    return null;
  }

  /** Whether an object is of a sort that holds one other. */
  public static boolean mayHold(Object object) {
    return object instanceof AtomicReference
        || object instanceof Optional
        || object instanceof SoftReference
        || object instanceof Future;
  }

  /**
   * What answers the calls of a proxy of the JDK's.
   *
   * @param object any object
   * @return null if it is no such proxy
   */
  public static @Nullable InvocationHandler handler(Object object) {
    return object instanceof Proxy && Proxy.isProxyClass(object.getClass())
        ? Ask.quietly(() -> Proxy.getInvocationHandler(object))
        : null;
  }

  private static @Nullable Object result(@Nullable Object read) {
    return read == null || read.getClass().getName().equals(NO_RESULT) ? null : read;
  }

  /** To ask one that has failed would make a new exception, which asks for the other's text. */
  private static @Nullable Object result(CompletableFuture<?> stage) {
    return Ask.may(stage, "isDone", Cost.NONE)
            && Ask.may(stage, "isCompletedExceptionally", Cost.NONE)
            && Ask.may(stage, "getNow", Cost.NONE)
            && stage.isDone()
            && !stage.isCompletedExceptionally()
        ? Ask.quietly(() -> stage.getNow(null))
        : null;
  }

  private static @Nullable Object outcome(FutureTask<?> task) {
    return NORMAL.equals(STATE.read(task)) ? OUTCOME.read(task) : null;
  }

  private static @Nullable Object resultOf(FutureTask<?> task) {
    if (RESULT_NOW == null || !Ask.may(task, "resultNow", Cost.NONE) || !Ask.isDone(task)) {
      return null;
    }
    try {
      return RESULT_NOW.invoke(task);
    } catch (ReflectiveOperationException failedOrCancelled) {
      return null;
    }
  }

  private static @Nullable Method resultNow() {
    try {
      return FutureTask.class.getMethod("resultNow");
    } catch (NoSuchMethodException before19) {
      return null;
    }
  }
}
