package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.base.Fatal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a lock without locking it. Never throws. Thread-safe.
 *
 * <p>Without an agent the JDK tells of an owner no more than its name, and that only within {@code
 * toString()}. A thread may be called anything, so the name is not searched for: what stands around
 * it is known, letter for letter, where the class is the JDK's own.
 */
public final class LockProbe {

  private static final String LOCKED_BY = "[Locked by thread ";

  /**
   * How a lock is held at one instant.
   *
   * @param own how often the current thread holds it exclusively
   * @param ownReads how often the current thread holds it for reading
   * @param byOther whether somebody else holds it exclusively; of a {@link StampedLock}, anybody
   * @param otherReads how often it is held for reading by others; of a {@link StampedLock}, by
   *     anybody
   */
  public record Held(int own, int ownReads, boolean byOther, int otherReads) {

    /** Nobody holds it. */
    public static final Held FREE = new Held(0, 0, false, 0);

    /** It was held, and nobody knows by whom: more than that it can't be. */
    public static final Held BY_ANYBODY =
        new Held(Integer.MAX_VALUE, Integer.MAX_VALUE, true, Integer.MAX_VALUE);

    /**
     * Whether there is a hold that was not there before.
     *
     * @param before how it was held then
     * @return true if the lock needs a closer look
     */
    public boolean isMoreThan(Held before) {
      return own > before.own
          || ownReads > before.ownReads
          || (byOther && !before.isExclusive())
          || otherReads > before.otherReads;
    }

    /**
     * Whether it is held exclusively.
     *
     * @return true if it is, by whomever
     */
    public boolean isExclusive() {
      return byOther || own > 0;
    }
  }

  private LockProbe() {}

  /** Whether an object is one of the JDK's locks, or extends one: it can be looked at then. */
  public static boolean isLock(Object object) {
    return object instanceof ReentrantLock
        || object instanceof ReentrantReadWriteLock
        || object instanceof StampedLock;
  }

  /** The same of a class; whether a field of that type is certain to hold no lock is not told. */
  public static boolean isLockType(Class<?> type) {
    return ReentrantLock.class.isAssignableFrom(type)
        || ReentrantReadWriteLock.class.isAssignableFrom(type)
        || StampedLock.class.isAssignableFrom(type);
  }

  /**
   * How a lock is held now.
   *
   * @param object a lock
   * @return the holds; none if its class overrides what would tell
   */
  public static Held held(Object object) {
    Held held = isAnswering(object) ? Ask.quietly(() -> ask(object)) : null;
    return held == null ? Held.FREE : held;
  }

  /** Of a class that overrides one of these nothing is asked. */
  private static boolean isAnswering(Object object) {
    if (object instanceof ReentrantLock) {
      return Answers.isFree(object, "isLocked", "getHoldCount");
    }
    return object instanceof StampedLock
        ? Answers.isFree(object, "isWriteLocked", "getReadLockCount")
        : Answers.isFree(
            object, "isWriteLocked", "getReadLockCount", "getWriteHoldCount", "getReadHoldCount");
  }

  private static Held ask(Object object) {
    if (object instanceof ReentrantLock lock) {
      if (!lock.isLocked()) {
        return Held.FREE;
      }
      int own = lock.getHoldCount();
      return new Held(own, 0, own == 0, 0);
    }
    if (object instanceof ReentrantReadWriteLock lock) {
      boolean written = lock.isWriteLocked();
      int reads = lock.getReadLockCount();
      if (!written && reads == 0) {
        return Held.FREE;
      }
      int own = lock.getWriteHoldCount();
      int ownReads = lock.getReadHoldCount();
      return new Held(own, ownReads, written && own == 0, Math.max(0, reads - ownReads));
    }
    if (object instanceof StampedLock lock) {
      boolean written = lock.isWriteLocked();
      int reads = lock.getReadLockCount();
      return written || reads > 0 ? new Held(0, 0, written, reads) : Held.FREE;
    }
    return Held.FREE;
  }

  /**
   * How many threads queue for a lock.
   *
   * @param object a lock
   * @return the count, -1 if the lock does not tell
   */
  public static int waiting(Object object) {
    Integer waiting = null;
    if (Answers.isFree(object, "getQueueLength")) {
      if (object instanceof ReentrantLock lock) {
        waiting = Ask.quietly(lock::getQueueLength);
      } else if (object instanceof ReentrantReadWriteLock lock) {
        waiting = Ask.quietly(lock::getQueueLength);
      }
    }
    return waiting == null ? -1 : waiting;
  }

  /**
   * Which threads queue for a lock.
   *
   * @param object a lock
   * @param threads those that are asked about
   * @return some of them; none if the lock does not tell
   */
  public static List<Thread> waiting(Object object, Collection<Thread> threads) {
    if (waiting(object) <= 0 || !Answers.isFree(object, "hasQueuedThread")) {
      return List.of();
    }
    List<Thread> waiting = new ArrayList<>();
    for (Thread thread : threads) {
      Boolean queued = null;
      if (object instanceof ReentrantLock lock) {
        queued = Ask.quietly(() -> lock.hasQueuedThread(thread));
      } else if (object instanceof ReentrantReadWriteLock lock) {
        queued = Ask.quietly(() -> lock.hasQueuedThread(thread));
      }
      if (Boolean.TRUE.equals(queued)) {
        waiting.add(thread);
      }
    }
    return waiting;
  }

  /**
   * The name of the thread that holds a lock exclusively.
   *
   * @param object a lock
   * @return the name; null if nobody does, or if the lock does not tell
   */
  public static @Nullable String ownerName(Object object) {
    try {
      Object told =
          object instanceof ReentrantReadWriteLock lock && Answers.isFree(lock, "writeLock")
              ? lock.writeLock()
              : object;
      Class<?> type = told.getClass();
      if ((type != ReentrantLock.class && type != ReentrantReadWriteLock.WriteLock.class)
          || Mocks.isMock(told)) {
        return null; // a user's class may say anything, and run anything
      }
      String text = told.toString();
      String before =
          type.getName() + "@" + Integer.toHexString(System.identityHashCode(told)) + LOCKED_BY;
      return text.startsWith(before) && text.endsWith("]")
          ? text.substring(before.length(), text.length() - 1)
          : null;
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      return null;
    }
  }
}
