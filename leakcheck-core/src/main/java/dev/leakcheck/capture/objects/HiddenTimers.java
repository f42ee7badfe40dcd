package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.threads.TimerThreads;
import java.util.Timer;
import org.jspecify.annotations.Nullable;

/** Timers that do not lead to their threads: all, from JDK 24 on without the agent. Thread-safe. */
public final class HiddenTimers {

  private static final JdkField THREAD = JdkField.of("java.util.Timer", "thread");

  private HiddenTimers() {}

  /**
   * Whether any timer may be one.
   *
   * @return false if the thread of every timer can be read
   */
  public static boolean mayBe() {
    return !THREAD.isReadable();
  }

  /**
   * The thread of a timer.
   *
   * @param timer a timer
   * @return null if it cannot be read
   */
  public static @Nullable Thread thread(Object timer) {
    return THREAD.read(timer) instanceof Thread thread ? thread : null;
  }

  /**
   * Whether an object is such a timer.
   *
   * @param object any object
   * @return false if it is none, or its thread can be read
   */
  public static boolean isOne(Object object) {
    return object instanceof Timer && mayBe();
  }

  /**
   * Whether a thread is one that no timer leads to.
   *
   * @param thread any thread
   * @return false if it is no timer's, or can be read of its timer
   */
  public static boolean isThread(Thread thread) {
    return TimerThreads.is(thread) && mayBe();
  }
}
