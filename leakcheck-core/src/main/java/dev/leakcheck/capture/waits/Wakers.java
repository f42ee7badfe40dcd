package dev.leakcheck.capture.waits;

import dev.leakcheck.capture.base.FutureTasks;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.LockHolder;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import dev.leakcheck.model.Waker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads off the object that a thread waits for what would wake the thread.
 *
 * <p>How far something is counted is told by {@link SynchronizerState}, who owns a lock by {@link
 * LockOwners}, who runs a task by {@link FutureTasks}. Here it is put together with the threads.
 * Thread-safe.
 */
public final class Wakers {

  private Wakers() {}

  /** What a thread may be related to, besides what it waits for. */
  public interface Others {

    /**
     * The thread that has an id.
     *
     * @param id the id
     * @return the thread; with the state {@code TERMINATED} if it is known to have ended, null if
     *     that can't be told
     */
    @Nullable ThreadRecord byId(long id);

    /**
     * The virtual thread whose end is waited for.
     *
     * @param termination what the waiting thread is parked for
     * @return the thread, or null if that can't be told
     */
    @Nullable Thread byTermination(Object termination);

    /**
     * Barriers that can be reached.
     *
     * @return the barriers
     */
    List<CyclicBarrier> barriers();
  }

  /**
   * What would wake a thread.
   *
   * @param record the thread as it was looked at
   * @param thread the thread itself, or null if it is not at hand
   * @param others finds other threads and barriers
   * @return what is known of it; empty if nothing is
   */
  public static Optional<Waker> of(ThreadRecord record, @Nullable Thread thread, Others others) {
    Blocker blocker = record.blocker();
    if (blocker == null) {
      return Optional.empty();
    }
    Object object = thread == null ? null : LockSupport.getBlocker(thread);
    if (object != null && !isSame(object, blocker)) {
      return Optional.empty(); // it has gone on
    }
    ThreadRecord owner = blocker.owner() == null ? null : others.byId(blocker.owner());
    if (owner != null && owner.name().isEmpty() && thread != null) {
      owner = named(owner, LockHolder.ownerName(thread));
    }
    try {
      return Optional.ofNullable(
          switch (Wait.of(record).kind()) {
            case LATCH -> SynchronizerState.latch(object);
            case SEMAPHORE -> SynchronizerState.semaphore(object);
            case LOCK -> lock(thread, object, owner);
            case MONITOR, SYNCHRONIZER -> by(alive(owner == null ? ownerOf(object) : owner));
            case FUTURE -> future(object);
            case PHASER -> SynchronizerState.phaser(object);
            case BARRIER -> SynchronizerState.barrier(object, others.barriers());
            case JOIN -> by(alive(joined(blocker, object, others)));
            default -> null;
          });
    } catch (RuntimeException | LinkageError otherwiseBuilt) {
      return Optional.empty();
    }
  }

  private static boolean isSame(Object object, Blocker blocker) {
    return object.getClass().getName().equals(blocker.type())
        && System.identityHashCode(object) == blocker.identity();
  }

  private static @Nullable Waker by(@Nullable ThreadRecord thread) {
    return thread == null ? null : new Waker(null, null, thread);
  }

  private static @Nullable Waker lock(
      @Nullable Thread thread, @Nullable Object object, @Nullable ThreadRecord told) {
    ThreadRecord owner = told == null ? ownerOf(object) : told;
    if (owner != null && (alive(owner) != null || isStillOwner(owner, thread, object))) {
      return by(owner);
    }
    return SynchronizerState.lock(object);
  }

  private static @Nullable ThreadRecord ownerOf(@Nullable Object object) {
    Thread owner = object == null ? null : LockOwners.of(object);
    return owner == null ? null : describe(owner);
  }

  /** Who has ended may have let go before that, and whoever waits is about to go on. */
  private static @Nullable ThreadRecord alive(@Nullable ThreadRecord thread) {
    return thread == null || thread.state() == Thread.State.TERMINATED ? null : thread;
  }

  /** Asked after the owner was seen to have ended: it will not let go any more. */
  private static boolean isStillOwner(
      ThreadRecord ended, @Nullable Thread thread, @Nullable Object object) {
    if (thread != null && LockHolder.owner(thread) == ended.id()) {
      return true;
    }
    Thread owner = object == null ? null : LockOwners.of(object);
    return owner != null && LiveThreads.id(owner) == ended.id();
  }

  private static @Nullable Waker future(@Nullable Object object) {
    if (!(object instanceof FutureTask<?> task) || !FutureTasks.areReadable()) {
      return null;
    }
    Thread runner = FutureTasks.runner(task);
    return runner == null
        ? new Waker(0L, null, null)
        : new Waker(1L, null, alive(describe(runner)));
  }

  /**
   * Who joins a platform thread waits in the monitor of its {@code Thread} object, who joins a
   * virtual one in a latch.
   */
  private static @Nullable ThreadRecord joined(
      Blocker blocker, @Nullable Object object, Others others) {
    if (object != null) {
      Thread virtual = others.byTermination(object);
      return virtual == null ? null : describe(virtual);
    }
    List<Thread> same =
        LiveThreads.all().stream().filter(thread -> isSame(thread, blocker)).toList();
    return same.size() == 1 ? describe(same.get(0)) : null;
  }

  /**
   * What those are parked for who wait for a virtual thread to end.
   *
   * @param virtual a virtual thread
   * @return the object, or null if nobody waits or that can't be told
   */
  public static @Nullable Object termination(Thread virtual) {
    try {
      return SynchronizerState.termination(virtual);
    } catch (RuntimeException | LinkageError otherwiseBuilt) {
      return null;
    }
  }

  /**
   * A thread as it is now.
   *
   * @param thread a thread that was started
   * @return a record, with the state {@code TERMINATED} if it has ended
   */
  public static ThreadRecord describe(Thread thread) {
    if (thread == Thread.currentThread()) {
      return LiveThreads.withoutStack(thread); // where it stands is of no interest: it checks
    }
    List<ThreadRecord> alive = LiveThreads.describe(List.of(thread));
    return alive.isEmpty()
        ? ended(LiveThreads.id(thread), thread.getName(), Jdk.isVirtual(thread))
        : alive.get(0);
  }

  /**
   * What is left to say of a thread that has ended.
   *
   * @param id its id
   * @param name its name, or the empty string if that is not known
   * @param virtual whether it was a virtual thread
   * @return a record
   */
  public static ThreadRecord ended(long id, String name, boolean virtual) {
    return new ThreadRecord(
        id,
        name,
        virtual,
        true,
        Thread.State.TERMINATED,
        ThreadRecord.PLAIN_TYPE,
        "",
        List.of(),
        null,
        null);
  }

  private static ThreadRecord named(ThreadRecord owner, String name) {
    return owner.state() == Thread.State.TERMINATED
        ? ended(owner.id(), name, owner.virtual())
        : owner;
  }
}
