package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.HttpClients;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.QueueProbe;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.capture.record.ThreadBirth;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Ledger;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.engine.tier.Newcomers;
import dev.leakcheck.engine.tier.Ours;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Executors, HTTP clients and queues that are open or not empty, in the scope's fields or as an
 * agent recorded them. Used by one thread.
 */
final class OpenThings {

  private final Suspicion check;
  private final Scope scope;
  private final Ledger ledger;
  private final Newcomers newcomers;
  private final Born born;
  private final Ours ours;
  private final LeftBehind leftBehind;
  private final Untouched untouched;

  /** Queues in fields that did not tell their size, with the reason. */
  private final Map<BlockingQueue<?>, String> unknown = new IdentityHashMap<>();

  /** Executors in fields that are older than the scope or others'; null while there are none. */
  private @Nullable Set<Object> older;

  OpenThings(Suspicion check, Ledger ledger, Ours ours) {
    this.check = check;
    this.scope = check.scope();
    this.ledger = ledger;
    this.newcomers = check.newcomers();
    this.born = check.born();
    this.ours = ours;
    this.untouched = new Untouched(check);
    this.leftBehind = new LeftBehind(check, this, untouched);
  }

  /** What fields of the scope's owners hold themselves and is open or not empty. */
  List<Holding> inFields() {
    List<Holding> open = new ArrayList<>();
    if (scope.options().isUnattributed()) {
      return open;
    }
    for (Holding held : check.owners().direct()) {
      if (isOpen(held.object())) {
        open.add(held);
      }
    }
    return open;
  }

  private boolean isOpen(Object object) {
    if (object instanceof ExecutorService executor) {
      return isOpenExecutor(executor);
    }
    if (object instanceof BlockingQueue<?> queue) {
      return isLeftover(queue);
    }
    return HttpClients.isOpen(object);
  }

  boolean isOpenExecutor(ExecutorService executor) {
    if (CommonPool.is(executor)
        || (older != null && older.contains(executor))
        || check.owners().isSingleton(executor)) {
      return false;
    }
    ExecutorService inner = WorkerExecutors.unwrap(executor);
    if (!newcomers.mayBeNew(inner) || !ours.may(Identity.of(inner))) {
      return false;
    }
    Boolean shutdown = ExecutorProbe.isShutdown(executor);
    return shutdown == null ? hasLife(executor) : !shutdown;
  }

  /** Whether something lives in an executor that is not asked: a thread or an open executor. */
  private boolean hasLife(ExecutorService executor) {
    for (Holding inner : ObjectGraph.reach(List.of(executor), List.of())) {
      if (inner.object() instanceof Thread thread
          ? ThirdParties.isAlive(thread)
              && newcomers.isNewPlatform(LiveThreads.id(thread))
              && !check.ending().leaves(thread)
          : inner.object() instanceof ExecutorService other && isOpenPool(other)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOpenPool(ExecutorService executor) {
    return !CommonPool.is(executor) && Boolean.FALSE.equals(ExecutorProbe.isShutdown(executor));
  }

  private boolean isLeftover(BlockingQueue<?> queue) {
    int size = QueueProbe.size(queue);
    if (size == QueueProbe.UNKNOWN) {
      unknown.put(queue, QueueProbe.whyUnknown(queue));
      return false;
    }
    unknown.remove(queue);
    if (size > 0 && size <= scope.sizeAtOpen(queue)) {
      untouched.madeWith(queue);
    }
    return size > scope.sizeAtOpen(queue) && !isReported(queue, size) && !untouched.has(queue);
  }

  private boolean isReported(BlockingQueue<?> queue, int size) {
    return ledger.hasQueue(queue.getClass().getName(), System.identityHashCode(queue), size, scope);
  }

  /** Whether a queue was reported, or is judged as what a field of the owners themselves holds. */
  boolean isQueueOfOthers(@Nullable BlockingQueue<?> queue) {
    return queue == null
        || isReported(queue, QueueProbe.size(queue))
        || check.owners().direct().stream().anyMatch(held -> held.object() == queue);
  }

  /** Clears executors in fields that others answer for: nobody waits until those are stopped. */
  void clearOthers() {
    for (Holding held : inFields()) {
      if (held.object() instanceof ExecutorService executor && check.isShared(executor)) {
        clear(executor);
      }
    }
  }

  /** Clears an executor of suspicion for the rest of this check. */
  void clear(Object executor) {
    if (older == null) {
      older = Collections.newSetFromMap(new IdentityHashMap<>());
    }
    older.add(executor);
  }

  /**
   * Executors, queues and timers that an agent saw being made, that are open, filled or forgotten,
   * and that nobody else answers for.
   *
   * @param roughly whether those that somebody else answers for are to be among them, which costs
   *     less
   */
  List<Birth> recorded(boolean roughly) {
    if (check.isFieldsOnly()) {
      return List.of();
    }
    if (roughly) {
      return born.open();
    }
    List<Birth> open = new ArrayList<>();
    for (ExecutorBirth executor : executors(ExecutorBirth::isOpen)) {
      if (!born.isForItself(executor)) {
        open.add(executor);
      }
    }
    open.addAll(leftovers());
    open.addAll(forgottenTimers());
    return open;
  }

  /** Threads of timers that an agent saw end as the timers were collected. */
  List<ThreadBirth> forgottenTimers() {
    if (check.isFieldsOnly()) {
      return List.of();
    }
    return born.forgottenTimers().stream()
        .filter(
            birth -> {
              ThreadRecord thread = birth.forgottenTimer();
              return thread != null && check.isOurs(thread.id());
            })
        .toList();
  }

  /** Executors that an agent saw being made and that nobody else answers for. */
  List<ExecutorBirth> executors() {
    return executors(birth -> true);
  }

  /** Whom one belongs to is asked last: what fields lead to may be much. */
  private List<ExecutorBirth> executors(Predicate<ExecutorBirth> wanted) {
    if (check.isFieldsOnly()) {
      return List.of();
    }
    return newcomers.executors().stream()
        .filter(birth -> wanted.test(birth) && check.isOurs(birth.identity()))
        .filter(birth -> !check.owners().isShared(birth.executor()))
        .toList();
  }

  /** Queues that an agent saw being made, and that hold what nobody will take. */
  List<QueueBirth> leftovers() {
    return check.isFieldsOnly() ? List.of() : leftBehind.queues();
  }

  /** What of the queues could not be told. */
  Coverage coverage() {
    Coverage coverage = leftBehind.coverage();
    for (Map.Entry<BlockingQueue<?>, String> queue : unknown.entrySet()) {
      coverage =
          coverage.and(
              Coverage.limitedBy(
                  Coverage.Limit.NO_ANSWER,
                  "what is in "
                      + queue.getKey().getClass().getName()
                      + " was not seen: "
                      + queue.getValue()));
    }
    return coverage;
  }

  /** Whether something that was open has neither been stopped nor emptied. */
  static boolean isStillOpen(Birth birth) {
    if (birth instanceof ExecutorBirth executor) {
      return executor.isOpen();
    }
    return birth instanceof QueueBirth queue && queue.isFilled();
  }

  /**
   * What an executor says of itself. Of a class that overrides what would tell, and of a copy that
   * must not be asked, the agent has seen whether it was told to stop.
   */
  static ExecutorRecord.@Nullable State state(ExecutorBirth birth, ExecutorService executor) {
    ExecutorRecord.State told = ExecutorProbe.state(executor);
    if (told != null || !birth.isOpen()) {
      return told == null ? ExecutorRecord.State.of(true, false) : told;
    }
    ExecutorService made = birth.made();
    return made == null ? ExecutorRecord.State.of(false, false) : ExecutorProbe.state(made);
  }
}
