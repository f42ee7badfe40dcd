package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import java.util.Set;

/**
 * What a scope opened with; none of it is the scope's leak. Immutable and small: ids only.
 *
 * @param reading the thread counters
 * @param liveThreads ids of the platform threads that were alive; may hold some that had ended
 * @param executors names of the executors that were listed
 * @param trackedFrom number of the first object tracked later
 */
public record Baseline(
    Reading reading, ThreadIds liveThreads, Set<String> executors, long trackedFrom) {

  private static final Reading NO_READING = new Reading(-1, -1, -1);

  /** Of a scope that an agent tells what is new. */
  public static Baseline trackedFrom(long number) {
    return new Baseline(NO_READING, ThreadIds.none(), Set.of(), number);
  }

  /** The same, but with everything that was tracked before as well. */
  public Baseline withAllTracked() {
    return new Baseline(reading, liveThreads, executors, 0);
  }

  /** A thread is new if it was not alive: an unstarted one may have an older id than the scope. */
  public boolean isNewPlatformThread(long id) {
    return !liveThreads.contains(id);
  }

  /**
   * Virtual threads are not listed at open, so a thread created before is taken for one of then.
   */
  public boolean isNewVirtualThread(long id) {
    return id > reading.lastId();
  }
}
