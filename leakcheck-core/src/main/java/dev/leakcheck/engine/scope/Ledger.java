package dev.leakcheck.engine.scope;

import dev.leakcheck.classify.Symptom;
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
public final class Ledger {

  private record Queue(long scope, int size) {}

  private final Map<Long, Long> threads = new HashMap<>();
  private final Map<String, Long> executors = new HashMap<>();
  private final Map<String, Queue> queues = new HashMap<>();
  private final Map<String, Long> symptoms = new HashMap<>();
  private final Set<String> fingerprints = new HashSet<>();
  private final Set<String> benignExecutors = new HashSet<>();

  /** A scope tells findings, and the symptoms behind them. */
  public synchronized void report(List<Finding> findings, List<Symptom> seen, Scope by) {
    for (Symptom symptom : seen) {
      symptoms.putIfAbsent(symptom.identity(), by.number());
      symptom.identities().forEach(part -> symptoms.putIfAbsent(part, by.number()));
    }
    for (Finding finding : findings) {
      fingerprints.add(finding.fingerprint());
      for (ThreadRecord thread : finding.threads()) {
        threads.putIfAbsent(thread.id(), by.number());
      }
      for (ExecutorRecord executor : finding.executors()) {
        executors.putIfAbsent(executor.id(), by.number());
      }
      QueueRecord queue = finding.queue();
      if (queue != null) {
        report(queue, by);
      }
    }
  }

  /** A scope tells of what a queue holds. */
  public synchronized void report(QueueRecord queue, Scope by) {
    queues.put(queue.type() + queue.identity(), new Queue(by.number(), queue.size()));
  }

  /** Whether another scope reported a thread. */
  public synchronized boolean hasThread(long id, Scope asking) {
    Long scope = threads.get(id);
    return scope != null && scope != asking.number();
  }

  /** Whether another scope reported an executor. */
  public synchronized boolean hasExecutor(String id, Scope asking) {
    Long scope = executors.get(id);
    return scope != null && scope != asking.number();
  }

  /** Whether another scope reported a queue with at least so many elements. */
  public synchronized boolean hasQueue(String type, int identity, int size, Scope asking) {
    Queue queue = queues.get(type + identity);
    return queue != null && queue.scope != asking.number() && queue.size >= size;
  }

  /** Whether another scope reported a symptom. */
  public synchronized boolean hasSymptom(String identity, Scope asking) {
    Long scope = symptoms.get(identity);
    return scope != null && scope != asking.number();
  }

  /** Whether findings like all of these were told before, by whichever scope. */
  public synchronized boolean knowsAll(List<Finding> findings) {
    return findings.stream().allMatch(finding -> fingerprints.contains(finding.fingerprint()));
  }

  /** An executor that was once seen to work for a benign thread stays benign without one. */
  public synchronized void addBenignExecutor(String id) {
    benignExecutors.add(id);
  }

  /** Whether an executor was once seen to work for a benign thread. */
  public synchronized boolean isBenignExecutor(String id) {
    return benignExecutors.contains(id);
  }
}
