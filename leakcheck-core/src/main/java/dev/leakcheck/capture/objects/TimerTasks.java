package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.threads.TimerThreads;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What {@code java.util.Timer}s have still to run. Reads private fields of the JDK's only: no
 * method of a task is called, and no lock is taken.
 *
 * <p>The JDK gives no numbers to these tasks. So each gets one here when it is first seen, above
 * all that the JDK gives to tasks of scheduled executors: after a look, a higher one is that of a
 * task which was scheduled later. Refers to tasks weakly. Thread-safe.
 */
public final class TimerTasks {

  /** How often a queue is read until two readings are alike: what moves in it could be missed. */
  private static final int READINGS = 100;

  private static final int NOT_SCHEDULED_YET = 0;
  private static final int SCHEDULED = 1;

  private static final JdkField QUEUE = JdkField.of("java.util.TimerThread", "queue");
  private static final JdkField OPEN =
      JdkField.of("java.util.TimerThread", "newTasksMayBeScheduled");
  private static final JdkField ELEMENTS = JdkField.of("java.util.TaskQueue", "queue");
  private static final JdkField STATE = JdkField.of("java.util.TimerTask", "state");
  private static final JdkField TIME = JdkField.of("java.util.TimerTask", "nextExecutionTime");
  private static final JdkField PERIOD = JdkField.of("java.util.TimerTask", "period");

  private static final AtomicLong NEXT = new AtomicLong(1L << 62);
  private static final Map<WeakKey, Long> NUMBERS = new ConcurrentHashMap<>();
  private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();

  private TimerTasks() {}

  /**
   * Gives numbers to all tasks of the timers whose threads were seen so far. Costs nanoseconds
   * where there are none.
   *
   * @return the number that the next one will get
   */
  public static long look() {
    for (Thread timer : TimerThreads.alive()) {
      queued(timer).forEach(TimerTasks::number);
    }
    return NEXT.get();
  }

  /**
   * The number of a task.
   *
   * @param task a {@code TimerTask}
   * @return the number, which is higher than that of each that was seen before
   */
  public static long number(Object task) {
    for (Reference<?> gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
      NUMBERS.remove(gone);
    }
    return NUMBERS.computeIfAbsent(new WeakKey(task, COLLECTED), unknown -> NEXT.getAndIncrement());
  }

  /**
   * The tasks that a timer is to run, again or for the first time.
   *
   * @param timer the timer's thread
   * @return a set by identity; empty if there are none, or they cannot be read
   */
  public static Set<Object> queued(Thread timer) {
    Set<Object> queued = Collections.newSetFromMap(new IdentityHashMap<>());
    int before = -1;
    for (int i = 0; i < READINGS; i++) {
      int known = queued.size();
      int now = add(timer, queued);
      if (now == before && queued.size() == known) {
        break;
      }
      before = now;
    }
    return queued;
  }

  /** How many there are, which is told by how many were met once each. */
  private static int add(Thread timer, Set<Object> queued) {
    Set<Object> met = Collections.newSetFromMap(new IdentityHashMap<>());
    if (ELEMENTS.read(QUEUE.read(timer)) instanceof Object[] elements) {
      for (Object element : elements) {
        if (element != null && isScheduled(element)) {
          met.add(element);
        }
      }
    }
    queued.addAll(met);
    return met.size();
  }

  /**
   * Whether a timer was cancelled, or can't be read.
   *
   * @param timer the timer's thread
   * @return false if it goes on
   */
  public static boolean isCancelled(Thread timer) {
    return !Boolean.TRUE.equals(OPEN.read(timer));
  }

  /**
   * Whether a task was never given to a timer.
   *
   * @param task any object
   * @return false as well if that cannot be read
   */
  public static boolean isNew(Object task) {
    return Integer.valueOf(NOT_SCHEDULED_YET).equals(STATE.read(task));
  }

  /**
   * Whether a timer is to run a task, again or for the first time.
   *
   * @param task any object
   * @return false as well if that cannot be read
   */
  public static boolean isScheduled(Object task) {
    return Integer.valueOf(SCHEDULED).equals(STATE.read(task));
  }

  /**
   * When a task runs.
   *
   * @param task any object
   * @return null if no timer is to run it any more, or that cannot be read
   */
  public static @Nullable Schedule schedule(Object task) {
    return isScheduled(task)
            && PERIOD.read(task) instanceof Long period
            && TIME.read(task) instanceof Long time
        ? new Schedule(number(task), nanos(period), dueNanos(time))
        : null;
  }

  /** A timer goes by the clock on the wall. */
  private static long dueNanos(long time) {
    return System.nanoTime() + nanos(time - System.currentTimeMillis());
  }

  /** So far off that the difference of two such times is a number yet. */
  private static long nanos(long millis) {
    long most = Long.MAX_VALUE / 4;
    return Math.max(-most, Math.min(most, TimeUnit.MILLISECONDS.toNanos(millis)));
  }
}
