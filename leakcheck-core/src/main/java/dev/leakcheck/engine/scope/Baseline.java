package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a scope opened with; none of it is the scope's leak. Immutable and small: ids only.
 *
 * @param reading the thread counters
 * @param liveThreads ids of the platform threads that were alive; may hold some that had ended
 * @param executors those that were listed
 * @param trackedFrom number of the first object tracked later
 * @param others what others had done
 * @param links the live links of chains of threads that were told, where that is not recorded
 * @param left threads that were created later and are not the scope's either
 */
public record Baseline(
    Reading reading,
    ThreadIds liveThreads,
    Listed executors,
    long trackedFrom,
    Others others,
    Map<Chains.Sort, Set<Long>> links,
    Left left) {

  /**
   * The executors of a dump.
   *
   * @param names their names
   * @param complete false if they could not be listed: then the names are those of an earlier dump
   */
  public record Listed(Set<String> names, boolean complete) {

    /** There are none. */
    public static final Listed NONE = new Listed(Set.of(), true);

    private Listed and(Set<String> more) {
      Set<String> all = new HashSet<>(names);
      all.addAll(more);
      return new Listed(all, complete);
    }
  }

  /**
   * What tells later whether others worked in the scope.
   *
   * @param outside how many threads were made outside every scope
   * @param commonTasks how many tasks the common pool had done, or {@link #BUSY}
   */
  public record Others(Outside.Made outside, long commonTasks) {

    /** The common pool was at work: what it does later may be others'. */
    private static final long BUSY = -1;

    /** As of now. */
    public static Others now(Outside outside) {
      return new Others(outside.made(), CommonPool.isBusy() ? BUSY : CommonPool.done());
    }

    /** Whether the common pool was idle, and has worked since. */
    public boolean hasCommonPoolWorked() {
      return commonTasks != BUSY && (CommonPool.isBusy() || CommonPool.done() != commonTasks);
    }
  }

  /**
   * Threads that are for a scope around this one to answer for.
   *
   * @param upTo the last id
   * @param own those up to that id which are the scope's all the same
   */
  public record Left(long upTo, Set<Long> own) {
    private static final Left NONE = new Left(-1, Set.of());

    boolean contains(long id, long after) {
      return id > after && id <= upTo && !own.contains(id);
    }
  }

  /** Of a scope that answers for all that comes later. */
  public Baseline(
      Reading reading,
      ThreadIds liveThreads,
      Listed executors,
      long trackedFrom,
      Others others,
      Map<Chains.Sort, Set<Long>> links) {
    this(reading, liveThreads, executors, trackedFrom, others, links, Left.NONE);
  }

  private static final Reading NO_READING = new Reading(-1, -1, -1);

  /** Of a scope that an agent tells what is new. */
  public static Baseline trackedFrom(long number, Others others) {
    return new Baseline(NO_READING, ThreadIds.none(), Listed.NONE, number, others, Map.of());
  }

  /** The same, but with everything that was tracked before as well. */
  public Baseline withAllTracked() {
    return new Baseline(reading, liveThreads, executors, 0, others, links, left);
  }

  /** The same, but without what others made since. */
  public Baseline without(Left threads, Set<String> more) {
    return new Baseline(
        reading, liveThreads, executors.and(more), trackedFrom, others, links, threads);
  }

  /** A thread is new if it was not alive: an unstarted one may have an older id than the scope. */
  public boolean isNewPlatformThread(long id) {
    return !liveThreads.contains(id) && !left.contains(id, reading.lastId());
  }

  /**
   * Virtual threads are not listed at open, so a thread created before is taken for one of then.
   */
  public boolean isNewVirtualThread(long id) {
    return id > reading.lastId() && !left.contains(id, reading.lastId());
  }
}
