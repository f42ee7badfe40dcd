package dev.leakcheck.model;

import java.util.List;

/**
 * What came and went between two snapshots. It says what is new, not what leaked: benign threads
 * are in it and nothing was waited for.
 *
 * @param newThreads alive in the later snapshot only
 * @param goneThreads alive in the earlier snapshot only
 * @param newExecutors in the later snapshot only
 * @param goneExecutors in the earlier snapshot only
 * @param coverage what either capture could not see
 */
public record SnapshotDiff(
    List<ThreadRecord> newThreads,
    List<ThreadRecord> goneThreads,
    List<ExecutorRecord> newExecutors,
    List<ExecutorRecord> goneExecutors,
    Coverage coverage) {

  /** Copies the lists. */
  public SnapshotDiff {
    newThreads = List.copyOf(newThreads);
    goneThreads = List.copyOf(goneThreads);
    newExecutors = List.copyOf(newExecutors);
    goneExecutors = List.copyOf(goneExecutors);
  }

  /**
   * Whether nothing came.
   *
   * @return true if there is neither a new thread nor a new executor
   */
  public boolean isEmpty() {
    return newThreads.isEmpty() && newExecutors.isEmpty();
  }
}
