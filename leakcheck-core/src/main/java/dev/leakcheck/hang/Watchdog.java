package dev.leakcheck.hang;

import dev.leakcheck.capture.threads.ThreadCounter;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does things when their time has come, one after the other, on one thread that runs while there is
 * something to wait for and ends soon after. To set an alarm and to call it off costs less than a
 * microsecond as long as that thread runs. Thread-safe.
 */
public final class Watchdog {

  private static final String NAME = "leakcheck-watchdog";

  /** So that tests with a time limit, one after the other, share one thread. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Not a {@code DelayQueue}: an agent would see a blocking queue being made in a scope. */
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Alarm::sinceBegin));

  private final ThreadCounter counter;
  private final long begin = System.nanoTime();
  private final long linger;
  private boolean running;
  private long wakesAt;

  /** Something to be done at a time. */
  static final class Alarm {
    private final long at;
    private final Runnable action;
    private volatile boolean unwatched;

    private Alarm(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }

    /** Whether nobody will do it, as the thread for that could not be started. */
    boolean isUnwatched() {
      return unwatched;
    }

    private long sinceBegin() {
      return at;
    }
  }

  /** One whose thread is left out of account by a counter. */
  public Watchdog(ThreadCounter counter) {
    this(counter, LINGER_NANOS);
  }

  /** The same, with another time, in nanoseconds, for its thread to linger. */
  public Watchdog(ThreadCounter counter, long linger) {
    this.counter = counter;
    this.linger = linger;
  }

  /** Has an action done, once, after some time; more than nanoseconds can count is never. */
  Alarm after(Duration time, Runnable action) {
    Alarm alarm = new Alarm(sum(now(), TimeUnit.NANOSECONDS.convert(time)), action);
    boolean start;
    synchronized (this) {
      alarms.add(alarm);
      start = !running;
      if (start) {
        running = true;
        wakesAt = alarm.at;
      } else if (alarm.at < wakesAt) {
        notifyAll();
      }
    }
    if (start && counter.startOwn(NAME, this::run) == null) {
      alarm.unwatched = true;
      synchronized (this) {
        running = false; // the next alarm tries again
        alarms.remove(alarm);
      }
    }
    return alarm;
  }

  /** Calls an alarm off; the thread is left to sleep. */
  synchronized void callOff(Alarm alarm) {
    alarms.remove(alarm);
  }

  synchronized boolean isRunning() {
    return running;
  }

  private static long sum(long one, long other) {
    long sum = one + Math.max(0, other);
    return sum < one ? Long.MAX_VALUE : sum;
  }

  private long now() {
    return System.nanoTime() - begin;
  }

  private void run() {
    boolean idle = false;
    try {
      for (Alarm due; (due = next()) != null; ) {
        try {
          due.action.run();
        } catch (RuntimeException | Error oneLookFailed) {
          // It must not take the next one along.
        }
      }
      idle = true;
    } finally {
      if (!idle) {
        synchronized (this) {
          running = false; // the next alarm starts another thread
        }
      }
    }
  }

  /** Waits for the next alarm; null when there was none for a while. */
  private synchronized @Nullable Alarm next() {
    long idleUntil = now() + linger;
    while (true) {
      long now = now();
      Alarm first = alarms.peek();
      if (first != null && first.at <= now) {
        return alarms.poll();
      }
      if (first == null && now >= idleUntil) {
        running = false;
        return null;
      }
      if (first != null) {
        idleUntil = sum(first.at, linger);
      }
      wakesAt = first == null ? idleUntil : first.at;
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, wakesAt - now));
      } catch (InterruptedException byWhoeverInterruptsAllThreads) {
        // The time has not come.
      }
    }
  }
}
