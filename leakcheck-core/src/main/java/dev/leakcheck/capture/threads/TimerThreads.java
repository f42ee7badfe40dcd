package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.WeakKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads of {@code java.util.Timer}s, as far as threads were listed. Whoever has the live
 * threads listed has those of timers noted, so that it costs nothing to know that there are none.
 * Refers to them weakly. Thread-safe.
 */
public final class TimerThreads {

  private static final String TYPE = "java.util.TimerThread";

  private static final Set<WeakKey> KNOWN = ConcurrentHashMap.newKeySet();

  private TimerThreads() {}

  /** Takes note of a thread that is alive. */
  static void seen(Thread thread) {
    if (is(thread)) {
      KNOWN.add(new WeakKey(thread));
    }
  }

  /**
   * Whether a thread is a timer's.
   *
   * @param thread any thread
   * @return true if it is
   */
  public static boolean is(Thread thread) {
    return thread.getClass().getName().equals(TYPE);
  }

  /**
   * Those that were seen and are alive.
   *
   * @return the threads, in no order
   */
  public static List<Thread> alive() {
    if (KNOWN.isEmpty()) {
      return List.of();
    }
    List<Thread> alive = new ArrayList<>();
    KNOWN.removeIf(
        known -> {
          boolean lives =
              known.get() instanceof Thread thread
                  && AskThread.state(thread) != Thread.State.TERMINATED
                  && alive.add(thread);
          return !lives;
        });
    return alive;
  }
}
