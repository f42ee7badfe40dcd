package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.classify.SharedWorkerSymptom;
import dev.leakcheck.engine.scope.Ledger;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.engine.tier.Newcomers;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Threads that a scope did not open with and that are still there. Looks anew on every call, so
 * that one that ends meanwhile is cleared. Used by one thread.
 */
public final class Suspects {

  private final Suspicion check;
  private final Newcomers newcomers;
  private final Born born;
  private final Ledger ledger;

  /** Benign by name, class and group alone: looked up once a thread and name. */
  private final Map<Long, ByName<Optional<KnownThread>>> knownByName = new HashMap<>();

  /** Benign by what they were doing at the last look. */
  private final Map<Long, KnownThread> knownByStack = new HashMap<>();

  /** Workers of what all share that ran other code at the last looks: at how many on end. */
  private final Map<Long, Integer> busyLooks = new HashMap<>();

  /** Those of more objects than a rule leaves alone. */
  private final Set<Long> beyond = new HashSet<>();

  /** Benign virtual threads among those that a dump listed. */
  private final Map<Long, KnownThread> knownVirtual = new HashMap<>();

  private final Employers employers;
  private boolean threadsLeft;
  private List<ThreadRecord> lastVirtual = List.of();

  Suspects(Suspicion check, Ledger ledger) {
    this.check = check;
    this.newcomers = check.newcomers();
    this.born = check.born();
    this.ledger = ledger;
    this.employers = new Employers(check, ledger);
  }

  /**
   * Live threads that have to end: none if only fields are suspected.
   *
   * @param roughly whether those that a rule knows may be among them, where that costs less
   */
  List<Thread> look(boolean roughly) {
    if (check.isFieldsOnly()) {
      return List.of();
    }
    List<Thread> suspects = (roughly ? newcomers.roughly() : none()).map(this::ours).orElse(null);
    if (suspects == null) {
      suspects = threads();
    }
    threadsLeft = !suspects.isEmpty();
    return suspects;
  }

  /** Live threads that the scope did not open with and that no rule knows by what they do. */
  public List<Thread> doing() {
    return withoutBenign(look(false));
  }

  private static Optional<List<Thread>> none() {
    return Optional.empty();
  }

  private List<Thread> ours(List<Thread> threads) {
    List<Thread> ours = new ArrayList<>(threads);
    ours.removeIf(thread -> !check.isOurs(LiveThreads.id(thread)));
    ours.addAll(OlderWorkers.of(check));
    return ours;
  }

  /** Whether the last look at threads found any that are new. */
  boolean areLeft() {
    return threadsLeft || !lastVirtual.isEmpty();
  }

  /**
   * Live threads that the scope did not open with and that no rule knows by name, and {@link
   * OlderWorkers}.
   */
  List<Thread> threads() {
    List<Thread> suspects = new ArrayList<>();
    for (Thread thread : newcomers.threads()) {
      long id = LiveThreads.id(thread);
      if (check.isOurs(id)) {
        if (knownByName(thread, id).isEmpty()) {
          suspects.add(thread);
        } else {
          markBenignExecutor(thread);
        }
      }
    }
    suspects.addAll(OlderWorkers.of(check));
    noteMentioned();
    return suspects;
  }

  /** What ticks and is left alone for good is to hold up no check that knows better. */
  private void noteMentioned() {
    for (Birth birth : born.mentioned()) {
      if (birth instanceof ExecutorBirth executor) {
        ledger.mention(executor.identity());
      } else if (birth.get() instanceof Thread thread) {
        ledger.mention(LiveThreads.id(thread));
      }
    }
  }

  private Optional<KnownThread> knownByName(Thread thread, long id) {
    ByName<Optional<KnownThread>> known = knownByName.get(id);
    if (known == null || !ByName.isKnown(known, thread)) {
      ThreadRecord record = LiveThreads.withoutStack(thread);
      known = new ByName<>(record.name(), KnownThreads.matchWithoutStack(record));
      knownByName.put(id, known);
    }
    return known.value();
  }

  /** What an agent saw as the executor of a benign thread is as benign. */
  private void markBenignExecutor(Thread thread) {
    born.executorOf(thread).ifPresent(executor -> ledger.addBenignExecutor(executor.identity()));
  }

  /** The suspects that no rule knows, now that their stacks are looked at as well. */
  List<Thread> withoutBenign(List<Thread> suspects) {
    if (suspects.isEmpty()) {
      busyLooks.clear();
      return suspects;
    }
    Map<Long, KnownThread> known = new HashMap<>();
    Map<Long, Integer> busy = new HashMap<>();
    List<ThreadRecord> records = LiveThreads.describe(suspects);
    learnExecutors(records);
    for (ThreadRecord record : records) {
      KnownThreads.match(record).ifPresent(rule -> known.put(record.id(), rule));
      if (!known.containsKey(record.id()) && KnownThreads.busyWorkerOf(record).isPresent()) {
        busy.put(record.id(), 1 + looksBusy(record.id()));
      }
    }
    busyLooks.clear();
    busyLooks.putAll(busy);
    beyond.clear();
    beyond.addAll(KnownThreads.tooMany(known));
    known.keySet().removeAll(beyond);
    knownByStack.putAll(known);
    knownByStack.keySet().retainAll(known.keySet());
    return suspects.stream().filter(t -> !known.containsKey(LiveThreads.id(t))).toList();
  }

  /** Has a dump tell whose workers threads are, where nothing else does and a rule asks. */
  private void learnExecutors(List<ThreadRecord> records) {
    List<ThreadRecord> unsure = records.stream().filter(KnownThreads::isUnsure).toList();
    if (!unsure.isEmpty()) {
      ThreadDump dump = check.tier().dump(id -> false);
      if (!dump.containers().isEmpty()) {
        unsure.forEach(
            thread ->
                KnownThreads.learn(thread.id(), dump.executors().getOrDefault(thread.id(), "")));
      }
    }
  }

  /** Whether a thread is one of more than its rule leaves alone. */
  boolean isBeyond(long thread) {
    return beyond.contains(thread);
  }

  /** The suspects that nobody else answers for: an older executor, or a scope around this one. */
  List<Thread> withoutOthers(List<Thread> suspects, LookDump dump) {
    return employers.without(suspects, dump, this::answersAnyway);
  }

  /** Whose workers they are. */
  Employers employers() {
    return employers;
  }

  /** Whether the scope answers for what a thread does, whoever made what it works for. */
  private boolean answersAnyway(long thread) {
    return looksBusy(thread) > 0 || isBeyond(thread);
  }

  /**
   * At how many looks on end a thread was a worker of something that all share and ran code of the
   * test's. What it works for was not made in the scope, and yet the scope answers for that code.
   */
  int looksBusy(long thread) {
    return busyLooks.getOrDefault(thread, 0);
  }

  /** Whether any was at the last one. */
  boolean areAnyBusy() {
    return !busyLooks.isEmpty();
  }

  /** Whether another scope told of what a worker does. */
  boolean isToldOf(ThreadRecord worker) {
    return SharedWorkerSymptom.busy(worker).stream()
        .anyMatch(task -> ledger.hasSymptom(task, check.scope()));
  }

  /** Whether a virtual thread that only a dump lists is new. */
  boolean isNewVirtual(long id) {
    return newcomers.isNewVirtual(id) && check.isOurs(id);
  }

  /** Whether a virtual thread that only a dump lists may have been created in the scope. */
  boolean mayHaveVirtual() {
    return !check.isFieldsOnly() && newcomers.mayHaveVirtual();
  }

  /** Live virtual threads among what a dump read. */
  List<ThreadRecord> virtual(ThreadDump dump) {
    List<ThreadRecord> suspects = new ArrayList<>();
    lastVirtual = suspects;
    for (ThreadRecord thread : dump.threads()) {
      if (thread.virtual() && isNewVirtual(thread.id())) {
        Optional<KnownThread> known = KnownThreads.match(thread);
        String executor = thread.executor();
        if (known.isPresent()) {
          knownVirtual.put(thread.id(), known.get());
          if (executor != null) {
            ledger.addBenignExecutor(executor);
          }
        } else if (executor == null
            ? !check.owners().fixtures().has(thread)
            : check.isOurs(executor)) {
          suspects.add(thread);
        }
      }
    }
    return suspects;
  }

  /** The rules that new threads matched, once for each thread. */
  List<KnownThread> benign() {
    List<KnownThread> benign = new ArrayList<>(knownByStack.values());
    benign.addAll(benignByName());
    benign.addAll(benignVirtual());
    return benign;
  }

  /** New virtual threads that a rule knows. */
  Collection<KnownThread> benignVirtual() {
    return knownVirtual.values();
  }

  /** New threads that a rule knows by name. */
  List<KnownThread> benignByName() {
    return knownByName.values().stream().flatMap(known -> known.value().stream()).toList();
  }

  /** Ids of the new threads that a rule knows by name. */
  List<Long> benignIds() {
    return knownByName.entrySet().stream()
        .filter(entry -> entry.getValue().value().isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Whether one of the new threads that were left at the last look may be stuck on a lock that a
   * virtual thread has to do with.
   *
   * @param own the thread that runs the scope's code, while it still runs
   */
  public boolean mayHoldVirtualLocks(@Nullable Thread own) {
    if (!Jdk.HAS_CONTAINERS) {
      return false;
    }
    List<Thread> left = new ArrayList<>(look(true));
    if (own != null) {
      left.add(own);
      // Not listed yet, and it does no harm to take a dump of what hangs.
      if (own.isAlive() && newcomers.mayHaveVirtual()) {
        virtual(check.tier().dump(this::isNewVirtual));
      }
    }
    Set<Long> platform = new HashSet<>();
    List<ThreadRecord> records = new ArrayList<>(LiveThreads.describe(left));
    records.addAll(lastVirtual);
    for (ThreadRecord record : records) {
      if (!record.virtual()) {
        platform.add(record.id());
      }
    }
    return records.stream().anyMatch(record -> isStuckOnVirtual(record, platform));
  }

  private static boolean isStuckOnVirtual(ThreadRecord thread, Set<Long> platform) {
    if (thread.virtual()) {
      return thread.waitsForEver()
          && (thread.state() == Thread.State.BLOCKED
              || WorkerStacks.isAcquiringLock(thread.stack()));
    }
    Blocker blocker = thread.blocker();
    if (blocker == null) {
      return false; // that of one which waits for a virtual thread's monitor is not told either
    }
    Long owner = blocker.owner();
    return thread.waitsForEver()
        && owner != null
        && !platform.contains(owner)
        && LiveThreads.byId(owner).isEmpty();
  }
}
