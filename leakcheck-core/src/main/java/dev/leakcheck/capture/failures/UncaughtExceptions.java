package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.record.Births;
import java.lang.Thread.UncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's default handler of uncaught exceptions, where nobody has set one: notes the exception
 * and prints it as the JDK does in its absence. Whoever has set a default handler, a thread's own
 * or a thread group's sees the exceptions, and nothing is noted; also if theirs passes them on to
 * this one. Thread-safe.
 */
public final class UncaughtExceptions implements UncaughtExceptionHandler {

  private static final UncaughtExceptions JVM = new UncaughtExceptions();

  /** Since then the JDK prints a {@code ThreadDeath} like any other exception. */
  private static final int PRINTS_THREAD_DEATH = 20;

  private UncaughtExceptions() {}

  /** Sets the handler if there is none. Costs the read of one field if there is. */
  public static void watch() {
    if (Thread.getDefaultUncaughtExceptionHandler() == null) {
      try {
        Thread.setDefaultUncaughtExceptionHandler(JVM);
      } catch (SecurityException refused) {
        return; // a security manager knows why
      }
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable exception) {
    try {
      note(thread, exception);
    } catch (Throwable e) {
      // The exception may throw when it is asked for its message. It is printed all the same.
    }
    if (!Failure.isThreadDeath(exception) || Jdk.FEATURE >= PRINTS_THREAD_DEATH) {
      System.err.print("Exception in thread \"" + thread.getName() + "\" ");
      exception.printStackTrace(System.err);
    }
  }

  private void note(Thread thread, Throwable exception) {
    if (thread == Thread.currentThread()
        && Thread.getDefaultUncaughtExceptionHandler() == this
        && !hasOwnHandler(thread)
        && !Failure.isAskedFor(exception)) {
      Failures.jvm()
          .add(
              isDying() ? Failure.How.DIED : Failure.How.HANDED,
              exception,
              Births.jvm().owner(thread));
    }
  }

  private static boolean hasOwnHandler(Thread thread) {
    UncaughtExceptionHandler handler = AskThread.handler(thread);
    if (!(handler instanceof ThreadGroup innermost)) {
      return true;
    }
    for (ThreadGroup group = innermost; group != null; group = parent(group)) {
      if (group.getClass() != ThreadGroup.class && overrides(group.getClass())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable ThreadGroup parent(ThreadGroup group) {
    try {
      return group.getParent();
    } catch (SecurityException refused) {
      return null;
    }
  }

  private static boolean overrides(Class<?> group) {
    try {
      return group.getMethod("uncaughtException", Thread.class, Throwable.class).getDeclaringClass()
          != ThreadGroup.class;
    } catch (NoSuchMethodException e) {
      throw new LinkageError("every thread group has it", e);
    }
  }

  /** The JVM itself asks for the handler once the thread's body has returned. */
  private static boolean isDying() {
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      if (frame.getMethodName().equals("dispatchUncaughtException")
          && frame.getClassName().equals("java.lang.Thread")) {
        return true;
      }
    }
    return false;
  }
}
