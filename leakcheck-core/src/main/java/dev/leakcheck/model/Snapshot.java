package dev.leakcheck.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was alive at one instant. Immutable.
 *
 * @param threads platform and virtual threads
 * @param executors executors that have not terminated
 * @param queues blocking queues that were looked at
 * @param coverage what the capture could not see
 */
public record Snapshot(
    List<ThreadRecord> threads,
    List<ExecutorRecord> executors,
    List<QueueRecord> queues,
    Coverage coverage) {

  /** Copies the lists. */
  public Snapshot {
    threads = List.copyOf(threads);
    executors = List.copyOf(executors);
    queues = List.copyOf(queues);
  }

  /**
   * What came and went between an earlier snapshot and this one.
   *
   * @param before the earlier snapshot
   * @return the difference
   */
  public SnapshotDiff since(Snapshot before) {
    Set<Long> oldThreads = threadIds(before);
    Set<Long> nowThreads = threadIds(this);
    Set<String> oldExecutors = executorIds(before);
    Set<String> nowExecutors = executorIds(this);
    return new SnapshotDiff(
        threads.stream().filter(t -> !oldThreads.contains(t.id())).toList(),
        before.threads.stream().filter(t -> !nowThreads.contains(t.id())).toList(),
        executors.stream().filter(e -> !oldExecutors.contains(e.id())).toList(),
        before.executors.stream().filter(e -> !nowExecutors.contains(e.id())).toList(),
        before.coverage.and(coverage));
  }

  private static Set<Long> threadIds(Snapshot snapshot) {
    Set<Long> ids = new HashSet<>(snapshot.threads.size() * 2);
    snapshot.threads.forEach(thread -> ids.add(thread.id()));
    return ids;
  }

  private static Set<String> executorIds(Snapshot snapshot) {
    return snapshot.executors.stream().map(ExecutorRecord::id).collect(Collectors.toSet());
  }
}
