package dev.leakcheck.capture.waits;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.ask.LockProbe;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.model.Waker;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.AbstractQueuedLongSynchronizer;
import java.util.concurrent.locks.StampedLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far one of the JDK's synchronizers is counted.
 *
 * <p>Of a latch, semaphore or lock that is in its {@code toString()}, which says so in its
 * documentation. It is called on the JDK's own classes only: a user's class may run anything there,
 * and a {@code FutureTask} prints the user's task. What the JDK keeps in private fields is read
 * once the agent has opened their packages. Everything is null that can't be told, or throws a
 * runtime exception or linkage error where a JDK is built otherwise. Thread-safe.
 */
final class SynchronizerState {

  private static final String CONCURRENT = "java.util.concurrent";

  private static final Set<String> LATCH = Set.of("java.util.concurrent.CountDownLatch$Sync");

  private static final Set<String> SEMAPHORE =
      Set.of(
          "java.util.concurrent.Semaphore$FairSync", "java.util.concurrent.Semaphore$NonfairSync");

  private static final Set<String> LOCK =
      Set.of(
          "java.util.concurrent.locks.ReentrantLock$FairSync",
          "java.util.concurrent.locks.ReentrantLock$NonfairSync");

  private static final Set<String> READ_WRITE_LOCK =
      Set.of(
          "java.util.concurrent.locks.ReentrantReadWriteLock$FairSync",
          "java.util.concurrent.locks.ReentrantReadWriteLock$NonfairSync");

  private static final Pattern STATE = Pattern.compile("\\[State = (\\d{1,18}),");

  private static final int PHASER_PARTIES = 0xffff;
  private static final int PHASER_SHIFT = 16;

  private SynchronizerState() {}

  /** How often a latch has yet to be counted down, by what a thread is parked for. */
  static @Nullable Waker latch(@Nullable Object object) {
    return counted(state(object, LATCH));
  }

  /** How many permits a semaphore has, by what a thread is parked for. */
  static @Nullable Waker semaphore(@Nullable Object object) {
    return counted(state(object, SEMAPHORE));
  }

  /** That a lock is free, or how many hold it for reading, by what a thread is parked for. */
  static @Nullable Waker lock(@Nullable Object object) {
    if (object != null && object.getClass() == StampedLock.class) {
      return LockProbe.held(object) == LockProbe.Held.FREE ? counted(0L) : null;
    }
    Long held = state(object, LOCK);
    Long both = state(object, READ_WRITE_LOCK);
    if (both != null) {
      held = both;
      int shift = object instanceof AbstractQueuedLongSynchronizer ? 32 : 16;
      long readers = both >>> shift;
      if (readers > 0) {
        return new Waker(readers, readers, null);
      }
    }
    return counted(held != null && held == 0 ? held : null);
  }

  private static @Nullable Waker counted(@Nullable Long count) {
    return count == null ? null : new Waker(count, null, null);
  }

  /** The state of one of the JDK's synchronizers; null if it is none of them. */
  private static @Nullable Long state(@Nullable Object object, Set<String> types) {
    if (object == null
        || object.getClass().getClassLoader() != null
        || !types.contains(object.getClass().getName())) {
      return null;
    }
    Matcher state = STATE.matcher(object.toString());
    return state.find() ? (Long) Long.parseLong(state.group(1)) : null;
  }

  /** A phaser's state is a word of parties that have yet to come, parties and phase. */
  static @Nullable Waker phaser(@Nullable Object node) {
    if (node == null || !node.getClass().getName().equals("java.util.concurrent.Phaser$QNode")) {
      return null;
    }
    if (read(CONCURRENT, node.getClass(), "phaser", node) instanceof Phaser phaser
        && read(CONCURRENT, Phaser.class, "root", phaser) == phaser
        && read(CONCURRENT, Phaser.class, "state", phaser) instanceof Long state) {
      int parties = (state.intValue() >>> PHASER_SHIFT) & PHASER_PARTIES;
      int missing = state.intValue() & PHASER_PARTIES;
      return parties == 0 || missing > parties
          ? null
          : new Waker((long) (parties - missing), (long) parties, null);
    }
    return null;
  }

  /** Who waits for a barrier waits for a condition that the barrier keeps to itself. */
  static @Nullable Waker barrier(@Nullable Object condition, List<CyclicBarrier> barriers) {
    if (condition == null) {
      return null;
    }
    for (CyclicBarrier barrier : barriers) {
      if (read(CONCURRENT, CyclicBarrier.class, "trip", barrier) == condition
          && read(CONCURRENT, CyclicBarrier.class, "count", barrier) instanceof Integer missing) {
        long parties = Ask.parties(barrier);
        return parties < 0 ? null : new Waker(parties - missing, parties, null);
      }
    }
    return null;
  }

  /** What those are parked for who wait for a virtual thread to end. */
  static @Nullable Object termination(Thread virtual) {
    Object latch = read("java.lang", virtual.getClass(), "termination", virtual);
    return latch == null ? null : read(CONCURRENT, CountDownLatch.class, "sync", latch);
  }

  private static @Nullable Object read(
      String packageName, Class<?> type, String name, Object object) {
    if (!Jdk.opens(packageName)) {
      return null;
    }
    try {
      Field field = type.getDeclaredField(name);
      return field.trySetAccessible() ? Fields.read(field, object) : null;
    } catch (NoSuchFieldException otherwiseBuilt) {
      return null;
    }
  }
}
