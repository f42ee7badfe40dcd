package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.ThreadField;
import java.lang.Thread.State;
import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/**
 * Asks threads that were found. A subclass may override some methods of {@code Thread}: then the
 * JVM is asked instead, or the field is read. Never throws. Thread-safe.
 */
public final class AskThread {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final ThreadField STATUS = ThreadField.of("threadStatus", "threadStatus");

  // JVM TI's bits, which the field is made of.
  private static final int ALIVE = 0x1;
  private static final int TERMINATED = 0x2;
  private static final int RUNNABLE = 0x4;
  private static final int WAITING = 0x10;
  private static final int TIMED_WAITING = 0x20;
  private static final int BLOCKED = 0x400;

  private static final JdkField HANDLER =
      JdkField.of("java.lang.Thread", "uncaughtExceptionHandler");

  private AskThread() {}

  /**
   * A thread's state.
   *
   * @param thread a thread of either kind
   * @return the state; one that is not alive counts as ended if its class overrides the question
   *     and the field cannot be read
   */
  public static State state(Thread thread) {
    if (Jdk.isVirtual(thread) || Answers.isFree(thread, "getState")) {
      return thread.getState();
    }
    if (STATUS.read(thread) instanceof Integer status) {
      return state(status);
    }
    if (!thread.isAlive()) {
      return State.TERMINATED;
    }
    try {
      ThreadInfo info = THREADS.getThreadInfo(Jdk.threadId(thread));
      return info == null ? State.TERMINATED : info.getThreadState();
    } catch (SecurityException e) {
      return State.RUNNABLE;
    }
  }

  private static State state(int status) {
    if ((status & RUNNABLE) != 0) {
      return State.RUNNABLE;
    }
    if ((status & BLOCKED) != 0) {
      return State.BLOCKED;
    }
    if ((status & WAITING) != 0) {
      return State.WAITING;
    }
    if ((status & TIMED_WAITING) != 0) {
      return State.TIMED_WAITING;
    }
    if ((status & TERMINATED) != 0) {
      return State.TERMINATED;
    }
    return (status & ALIVE) == 0 ? State.NEW : State.RUNNABLE;
  }

  /**
   * A thread's stack.
   *
   * @param thread a thread of either kind
   * @return the frames, innermost first; none if its class overrides the question
   */
  public static StackTraceElement[] stack(Thread thread) {
    return Jdk.isVirtual(thread) || Answers.isFree(thread, "getStackTrace")
        ? thread.getStackTrace()
        : new StackTraceElement[0];
  }

  /**
   * Whether a thread's interrupt flag is set.
   *
   * @param thread the thread
   * @return false as well if its class overrides the question
   */
  public static boolean isInterrupted(Thread thread) {
    return (Jdk.isVirtual(thread) || Answers.isFree(thread, "isInterrupted"))
        && thread.isInterrupted();
  }

  /**
   * The class loader that a thread looks things up with.
   *
   * @param thread the thread
   * @return null if it has none, if its class overrides the question, or if that is refused
   */
  public static @Nullable ClassLoader contextClassLoader(Thread thread) {
    return Answers.isFree(thread, "getContextClassLoader")
        ? Ask.quietly(thread::getContextClassLoader)
        : null;
  }

  /**
   * What handles a thread's uncaught exceptions: its own handler or its group.
   *
   * @param thread the thread
   * @return null if it has ended, or if its class overrides the question and the field cannot be
   *     read
   */
  public static @Nullable UncaughtExceptionHandler handler(Thread thread) {
    if (Answers.isFree(thread, "getUncaughtExceptionHandler")) {
      return thread.getUncaughtExceptionHandler();
    }
    return HANDLER.read(thread) instanceof UncaughtExceptionHandler handler
        ? handler
        : thread.getThreadGroup();
  }
}
