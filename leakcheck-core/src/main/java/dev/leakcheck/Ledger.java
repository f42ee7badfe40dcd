package dev.leakcheck;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was reported already in this JVM: a leak is reported once, whatever scopes it outlives.
 * Holds ids only, no user objects. Thread-safe.
 */
final class Ledger {

  private final Set<Long> threads = new HashSet<>();
  private final Set<String> executors = new HashSet<>();
  private final Map<String, Integer> queues = new HashMap<>();
  private final Set<String> fingerprints = new HashSet<>();
  private final Set<String> benignExecutors = new HashSet<>();

  synchronized void report(List<Finding> findings) {
    for (Finding finding : findings) {
      fingerprints.add(finding.fingerprint());
      finding.threads().stream().map(ThreadRecord::id).forEach(threads::add);
      finding.executors().stream().map(ExecutorRecord::id).forEach(executors::add);
      QueueRecord queue = finding.queue();
      if (queue != null) {
        queues.put(queue.type() + queue.identity(), queue.size());
      }
    }
  }

  synchronized boolean hasThread(long id) {
    return threads.contains(id);
  }

  synchronized boolean hasExecutor(String id) {
    return executors.contains(id);
  }

  /** Whether a queue was reported with at least so many elements. */
  synchronized boolean hasQueue(String type, int identity, int size) {
    return queues.getOrDefault(type + identity, 0) >= size;
  }

  synchronized boolean knowsAll(List<Finding> findings) {
    return findings.stream().allMatch(finding -> fingerprints.contains(finding.fingerprint()));
  }

  /** An executor that was once seen to work for a benign thread stays benign without one. */
  synchronized void addBenignExecutor(String id) {
    benignExecutors.add(id);
  }

  synchronized boolean isBenignExecutor(String id) {
    return benignExecutors.contains(id);
  }
}
