package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.Jdk;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which task of a scope each thread of a pool or a timer runs, or ran last. Thread-safe: a thread's
 * own hooks alone set what it runs.
 */
final class RunningTasks {

  private static final int FIRST_SWEEP = 256;

  private final Map<Long, AnyTaskBirth> byThread = new ConcurrentHashMap<>();
  private volatile int sweepAt = FIRST_SWEEP;

  /** The current thread is about to run a task. */
  void begins(AnyTaskBirth task) {
    byThread.put(currentId(), task);
    if (byThread.size() > sweepAt) {
      byThread.values().removeIf(Birth::isOver); // the thread may have ended
      sweepAt = Math.max(FIRST_SWEEP, 2 * byThread.size());
    }
  }

  /** The current thread is about to run what is no scope's, or has run what was. */
  void ends() {
    if (!byThread.isEmpty()) {
      byThread.remove(currentId());
    }
  }

  /** What the current thread runs, or null if that is no scope's. */
  @Nullable AnyTaskBirth current() {
    return byThread.get(currentId());
  }

  private static long currentId() {
    return Jdk.threadId(Thread.currentThread());
  }
}
