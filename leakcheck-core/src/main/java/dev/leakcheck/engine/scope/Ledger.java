package dev.leakcheck.engine.scope;

import dev.leakcheck.classify.SharedWorkerSymptom;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.QueueRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was reported already in this JVM: a leak is reported once, whatever scopes it outlives.
 * Holds ids only, no user objects, and of each sort the newest {@link #MOST}: some ten megabytes at
 * the most. What was told before these is not told again, but nor is, once in a while, what looks
 * like it; {@link #gaps} says so. Thread-safe.
 */
public final class Ledger {

  /** How many threads, executors, queues, symptoms and fingerprints are kept, of each. */
  static final int MOST = 20_000;

  private record Queue(long scope, int size) {}

  private final Told<Long> threads;
  private final Told<Long> executors;
  private final Told<Queue> queues;
  private final Told<Long> symptoms;

  /** With the threads of old leaks that ticked beside it for a whole settle time. */
  private final Told<Set<Long>> fingerprints;

  /** By thread, the first that was told of with the same fingerprint. */
  private final Told<Long> alike;

  /** By fingerprint, that thread. */
  private final Told<Long> firsts;

  private final Told<Boolean> benignExecutors;

  /** Threads that were told to end, with the number of the last failure before that. */
  private final Told<Long> stopped;

  /** Threads and executors that are left alone, whoever looks. */
  private final Told<Boolean> mentioned;

  private final ToldOwners owners;

  private final Coverage tooMany;

  Ledger() {
    this(MOST);
  }

  Ledger(int most) {
    threads = new Told<>(most);
    executors = new Told<>(most);
    queues = new Told<>(most);
    symptoms = new Told<>(most);
    fingerprints = new Told<>(most);
    alike = new Told<>(most);
    firsts = new Told<>(most);
    benignExecutors = new Told<>(most);
    stopped = new Told<>(most);
    mentioned = new Told<>(most);
    owners = new ToldOwners(most);
    tooMany =
        Coverage.limitedBy(
            Coverage.Limit.TOO_MANY,
            "this JVM has left more than is remembered ("
                + most
                + " of each sort): what may have been told before was left alone");
  }

  /** What cannot be told any more. */
  public synchronized Coverage gaps() {
    return threads.isFull() || executors.isFull() || queues.isFull() || symptoms.isFull()
        ? tooMany
        : Coverage.FULL;
  }

  /**
   * A scope tells findings, and the symptoms behind them.
   *
   * @param beside threads of leaks that were told before, which ticked while the findings were
   *     waited for as long as can be, and did not end them
   */
  public synchronized void report(
      List<Finding> findings, List<Symptom> seen, Set<Long> beside, Scope by) {
    for (Symptom symptom : seen) {
      symptoms.putIfAbsent(symptom.identity(), by.number());
      symptom.identities().forEach(part -> symptoms.putIfAbsent(part, by.number()));
      symptom.busy().forEach(task -> symptoms.putIfAbsent(task, by.number()));
      symptom.heldUp().forEach(thread -> threads.putIfAbsent(thread, by.number()));
    }
    Set<Long> workers = SharedWorkerSymptom.workers(seen);
    for (Finding finding : findings) {
      addHarmless(finding.fingerprint(), beside);
      for (ThreadRecord thread : finding.threads()) {
        threads.putIfAbsent(thread.id(), by.number());
        firsts.putIfAbsent(finding.fingerprint(), thread.id());
        Long first = firsts.get(finding.fingerprint());
        alike.putIfAbsent(thread.id(), first == null ? thread.id() : first);
      }
      for (ExecutorRecord executor : finding.executors()) {
        executors.putIfAbsent(executor.id(), by.number());
      }
      QueueRecord queue = finding.queue();
      if (queue != null) {
        report(queue, by);
      }
      owners.tell(finding, workers, by.number());
    }
  }

  /** Without what the owner of which another scope told would end. */
  public synchronized List<Finding> notToldOfOwner(
      List<Finding> findings, List<Symptom> seen, Scope asking) {
    Set<Long> workers = SharedWorkerSymptom.workers(seen);
    return owners.without(findings, workers, asking.number(), asking.options().name());
  }

  private void addHarmless(String fingerprint, Set<Long> beside) {
    Set<Long> known = fingerprints.get(fingerprint);
    if (known == null || !known.containsAll(beside)) {
      Set<Long> all = new HashSet<>(beside);
      all.addAll(known == null ? Set.of() : known);
      fingerprints.put(fingerprint, Set.copyOf(all));
    }
  }

  /** A scope tells of what a queue holds. */
  public synchronized void report(QueueRecord queue, Scope by) {
    queues.put(queue.type() + queue.identity(), new Queue(by.number(), queue.size()));
  }

  private static boolean byOther(Told<Long> told, Object id, Scope asking) {
    Long scope = told.get(id);
    return scope == null ? told.mayHaveForgotten(id) : scope != asking.number();
  }

  /** Whether another scope reported a thread. */
  public synchronized boolean hasThread(long id, Scope asking) {
    return byOther(threads, id, asking);
  }

  /** Whether another scope reported an executor. */
  public synchronized boolean hasExecutor(String id, Scope asking) {
    return byOther(executors, id, asking);
  }

  /** Whether another scope reported a queue with at least so many elements. */
  public synchronized boolean hasQueue(String type, int identity, int size, Scope asking) {
    Queue queue = queues.get(type + identity);
    return queue == null
        ? queues.mayHaveForgotten(type + identity)
        : queue.scope != asking.number() && queue.size >= size;
  }

  /** Whether another scope reported a symptom. */
  public synchronized boolean hasSymptom(String identity, Scope asking) {
    return byOther(symptoms, identity, asking);
  }

  /**
   * If findings like all of these were told before, by whichever scope: the threads of old leaks
   * that ticked beside each of them for a whole settle time and did not end it. Otherwise null.
   */
  public synchronized @Nullable Set<Long> harmlessBeside(List<Finding> findings) {
    Set<Long> harmless = null;
    for (Finding finding : findings) {
      Set<Long> beside = fingerprints.get(finding.fingerprint());
      if (beside == null) {
        return null;
      }
      if (harmless == null) {
        harmless = new HashSet<>(beside);
      }
      harmless.retainAll(beside);
    }
    return harmless == null ? Set.of() : harmless;
  }

  /** A thread, by its id, or an executor was left alone for good: nobody has to stop it. */
  public synchronized void mention(Object id) {
    mentioned.put(id, true);
  }

  /** Whether any scope told of a thread or mentioned it. */
  public synchronized boolean tells(long thread) {
    return threads.get(thread) != null || mentioned.get(thread) != null;
  }

  /**
   * The first thread that was told of with the same fingerprint: what one of them does not end, the
   * others do not either.
   */
  public synchronized long firstLike(long thread) {
    Long first = alike.get(thread);
    return first == null ? thread : first;
  }

  /** Whether any scope told of an executor or mentioned it. */
  public synchronized boolean tells(String executor) {
    return executors.get(executor) != null || mentioned.get(executor) != null;
  }

  /** Whether any scope may have told of any executor, or mentioned it. */
  public synchronized boolean tellsExecutors() {
    return !executors.isEmpty() || !mentioned.isEmpty();
  }

  /** Whether any scope told of a child process. */
  public synchronized boolean tells(ProcessHandle process) {
    return symptoms.get(
            Symptom.identityOf(process.pid(), process.info().startInstant().orElse(null)))
        != null;
  }

  /** An executor that was once seen to work for a benign thread stays benign without one. */
  public synchronized void addBenignExecutor(String id) {
    benignExecutors.put(id, true);
  }

  /** Whether an executor was once seen to work for a benign thread. */
  public synchronized boolean isBenignExecutor(String id) {
    return benignExecutors.get(id) != null || benignExecutors.mayHaveForgotten(id);
  }

  /**
   * Threads of a finding are told to end.
   *
   * @param ids of threads
   * @param failure the number of the last failure before that
   */
  public synchronized void stopped(List<Long> ids, long failure) {
    ids.forEach(id -> stopped.putIfAbsent(id, failure));
  }

  /** Whether a failure of a thread came after it was told to end: that is no leak of anybody's. */
  public synchronized boolean hasStopped(long thread, long failure) {
    Long before = stopped.get(thread);
    return before != null && failure > before;
  }
}
