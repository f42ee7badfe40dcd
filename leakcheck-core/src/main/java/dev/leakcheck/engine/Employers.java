package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.HiddenTimers;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Ledger;
import dev.leakcheck.engine.tier.LiveExecutors;
import dev.leakcheck.engine.tier.Newcomers;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * Whose workers suspects are: the scope's executors', or somebody else's. A worker that leads to an
 * executor which is older than the scope tells that itself, and so does a {@linkplain KnownOwners
 * known} owner; what others' objects lead to, which may be very much, is looked for only where
 * neither does. Used by one thread.
 */
final class Employers {

  private final Suspicion check;
  private final Newcomers newcomers;
  private final Ledger ledger;

  /** Whether a thread works for an executor that is not the scope's; only a name changes sides. */
  private final Map<Long, ByName<Boolean>> worksForOthers = new HashMap<>();

  Employers(Suspicion check, Ledger ledger) {
    this.check = check;
    this.newcomers = check.newcomers();
    this.ledger = ledger;
  }

  /**
   * Whether nothing has to be looked for to tell that all suspects are others'. What all share may
   * run the scope's code: that is looked at first.
   */
  boolean areToldBy(List<Thread> suspects) {
    for (Thread thread : suspects) {
      if (KnownThreads.isNamedAsWorker(thread.getName()) || !(isKnown(thread) || isTold(thread))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The suspects that nobody else answers for: an older executor, or a scope around this one.
   *
   * @param answersAnyway whether the scope answers for what a thread does, whoever made what it
   *     works for
   */
  List<Thread> without(List<Thread> suspects, LookDump dump, LongPredicate answersAnyway) {
    List<Thread> unknown = new ArrayList<>();
    for (Thread thread : suspects) {
      if (!isKnown(thread) && !answersAnyway.test(LiveThreads.id(thread))) {
        if (isTold(thread)) {
          learn(thread, true);
        } else {
          unknown.add(thread);
        }
      }
    }
    if (!unknown.isEmpty()) {
      ask(unknown, newcomers.workers(dump::get));
    }
    return suspects.stream()
        .filter(
            thread ->
                answersAnyway.test(LiveThreads.id(thread))
                    || !worksForOthers(LiveThreads.id(thread)))
        .toList();
  }

  /** Whether a new thread itself, or who is known to have such, tells that it is others'. */
  private boolean isTold(Thread thread) {
    String executor = of(List.of(thread), ThreadDump.NONE).get(LiveThreads.id(thread));
    return executor == null ? check.owners().areKnownFor(thread) : !check.isOurs(executor);
  }

  private void ask(List<Thread> unknown, ThreadDump workers) {
    Map<Long, String> executorOf = of(unknown, workers);
    Supplier<Set<Object>> shared = check.owners().sharedIfAsked();
    WorkerGroups groups =
        new WorkerGroups(check, ledger, LiveThreads.all(), !workers.containers().isEmpty(), shared);
    for (Thread thread : unknown) {
      ThreadRecord record = LiveThreads.withoutStack(thread);
      String executor = executorOf.get(record.id());
      boolean others =
          (executor != null && !check.isOurs(executor))
              || shared.get().contains(thread)
              || (executor == null ? groups.isOlder(record) : isAmong(executor, shared.get()));
      if (others || !ThreadCode.isToBegin(thread)) {
        learn(thread, others);
      }
    }
  }

  private static boolean isAmong(String executor, Set<Object> objects) {
    return objects.stream().anyMatch(object -> Identity.of(object).equals(executor));
  }

  private void learn(Thread thread, boolean others) {
    worksForOthers.put(LiveThreads.id(thread), new ByName<>(thread.getName(), others));
  }

  /** Which of several timers' threads are others' changes as one of them ends. */
  private boolean isKnown(Thread thread) {
    return ByName.isKnown(worksForOthers.get(LiveThreads.id(thread)), thread)
        && !HiddenTimers.isThread(thread);
  }

  private boolean worksForOthers(long thread) {
    ByName<Boolean> known = worksForOthers.get(thread);
    return known != null && known.value();
  }

  /** Whose workers threads are, as an agent, the dump or the threads themselves tell. */
  Map<Long, String> of(List<Thread> threads, ThreadDump dump) {
    Map<Long, String> executorOf = new HashMap<>(dump.executors());
    for (Thread thread : threads) {
      long id = LiveThreads.id(thread);
      Optional<String> recorded = newcomers.executorOf(thread);
      ExecutorService pool = recorded.isPresent() ? null : LiveExecutors.of(thread, dump);
      if (recorded.isPresent()) {
        executorOf.put(id, recorded.get());
      } else if (pool != null) {
        executorOf.put(id, Identity.of(pool));
      }
    }
    return executorOf;
  }
}
