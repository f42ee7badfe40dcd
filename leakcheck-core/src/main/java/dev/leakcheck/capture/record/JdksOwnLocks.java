package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.Jdk;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Tells the locks that the JDK's blocking queues and pools make for themselves from all others, so
 * that a queue does not pay three times for being recorded. They are made by the thread that makes
 * the queue or pool, right after its superclass's constructor has told of it.
 *
 * <p>One place for all threads: it costs no more than a field, and if threads make queues at the
 * same time some of their locks are recorded, which hurts nobody. If a queue's constructor throws,
 * the next one or two locks of that thread may be missed. Thread-safe.
 */
final class JdksOwnLocks {

  private record Expected(long thread, int locks) {}

  private volatile @Nullable Expected expected;

  /** A queue is being made by the current thread. */
  void queueMade(Object queue) {
    int locks =
        queue instanceof LinkedBlockingQueue
            ? 2
            : queue instanceof LinkedBlockingDeque
                    || queue instanceof ArrayBlockingQueue
                    || queue instanceof PriorityBlockingQueue
                    || queue instanceof DelayQueue
                ? 1
                : 0;
    expect(locks);
  }

  /** An executor is being made by the current thread. */
  void executorBegun(Object executor) {
    expect(executor instanceof ThreadPoolExecutor ? 1 : 0);
  }

  private void expect(int locks) {
    if (locks > 0) {
      expected = new Expected(Jdk.threadId(Thread.currentThread()), locks);
    } else if (expected != null) {
      expected = null;
    }
  }

  /** Whether the lock that the current thread is making is a queue's or pool's own. */
  boolean takesLock() {
    Expected next = expected;
    if (next == null || next.thread != Jdk.threadId(Thread.currentThread())) {
      return false;
    }
    expected = next.locks == 1 ? null : new Expected(next.thread, next.locks - 1);
    return true;
  }
}
