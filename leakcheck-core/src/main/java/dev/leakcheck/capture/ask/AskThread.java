package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.JdkField;
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
  private static final JdkField HANDLER =
      JdkField.of("java.lang.Thread", "uncaughtExceptionHandler");

  private AskThread() {}

  /**
   * A thread's state.
   *
   * @param thread a thread of either kind
   * @return the state; one that is not alive counts as ended if its class overrides the question
   */
  public static State state(Thread thread) {
    if (Jdk.isVirtual(thread) || Answers.isFree(thread, "getState")) {
      return thread.getState();
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

  /**
   * A virtual thread's stack: its class is the JDK's own. Those of platform threads come from the
   * JVM.
   *
   * @param virtual a virtual thread
   * @return the frames, innermost first
   */
  public static StackTraceElement[] stack(Thread virtual) {
    return virtual.getStackTrace();
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
