package dev.leakcheck.capture.waits;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Jdk;
import java.lang.reflect.Field;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads which thread holds a lock, from private fields, which the agent has opened. Null and zero
 * wherever that can't be read. Thread-safe.
 */
public final class LockOwners {

  private static final String LOCKS = "java.util.concurrent.locks";
  private static final int WRITES = 0xFFFF;

  private LockOwners() {}

  /** The fields, looked up once the package is open. */
  private static final class Opened {
    static final @Nullable Field SYNC = field(ReentrantLock.class, "sync");
    static final @Nullable Field RW_SYNC = field(ReentrantReadWriteLock.class, "sync");
    static final @Nullable Field OWNER =
        field(AbstractOwnableSynchronizer.class, "exclusiveOwnerThread");
    static final @Nullable Field STATE = field(AbstractQueuedSynchronizer.class, "state");
    static final @Nullable Field FIRST_READER =
        field(type(LOCKS + ".ReentrantReadWriteLock$Sync"), "firstReader");

    private static @Nullable Class<?> type(String name) {
      try {
        return Class.forName(name, false, null);
      } catch (ClassNotFoundException otherwiseBuilt) {
        return null;
      }
    }

    private static @Nullable Field field(@Nullable Class<?> type, String name) {
      try {
        Field field = type == null ? null : type.getDeclaredField(name);
        return field != null && field.trySetAccessible() ? field : null;
      } catch (NoSuchFieldException | RuntimeException otherwiseBuilt) {
        return null;
      }
    }
  }

  /** Whether owners can be read; they can't without an agent. */
  private static boolean areReadable() {
    return Jdk.opens(LOCKS)
        && Opened.SYNC != null
        && Opened.RW_SYNC != null
        && Opened.OWNER != null;
  }

  /**
   * The thread that holds a lock exclusively, which may have ended.
   *
   * @param lock a lock
   * @return the thread, or null
   */
  public static @Nullable Thread owner(Object lock) {
    Object sync = areReadable() ? sync(lock) : null;
    return sync == null ? null : of(sync);
  }

  /** The thread that owns what a thread is parked for, or null if there is none. */
  static @Nullable Thread of(Object blocker) {
    return blocker instanceof AbstractOwnableSynchronizer
            && areReadable()
            && read(Opened.OWNER, blocker) instanceof Thread thread
        ? thread
        : null;
  }

  /**
   * The thread that was the first to hold a lock for reading, and still does.
   *
   * @param lock a lock
   * @return the thread, or null
   */
  public static @Nullable Thread firstReader(Object lock) {
    return areReadable()
            && lock instanceof ReentrantReadWriteLock
            && read(Opened.FIRST_READER, sync(lock)) instanceof Thread thread
        ? thread
        : null;
  }

  /**
   * How often a lock is held exclusively, by whomever.
   *
   * @param lock a lock
   * @return the count, 0 if it can't be read
   */
  public static int holds(Object lock) {
    if (areReadable() && read(Opened.STATE, sync(lock)) instanceof Integer state) {
      return lock instanceof ReentrantReadWriteLock ? state & WRITES : state;
    }
    return 0;
  }

  private static @Nullable Object sync(Object lock) {
    return lock instanceof ReentrantLock
        ? read(Opened.SYNC, lock)
        : lock instanceof ReentrantReadWriteLock ? read(Opened.RW_SYNC, lock) : null;
  }

  private static @Nullable Object read(@Nullable Field field, @Nullable Object owner) {
    return field == null || owner == null ? null : Fields.read(field, owner);
  }
}
