package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.record.QueueBirth;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.model.Coverage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Queues that were made in a scope, hold something, and can still be reached from outside of it. A
 * queue that only the scope's own objects or variables held went away with them, and what it held
 * was dropped, not forgotten. One that a leaked thread waits on is told with that thread, and what
 * a library keeps in a queue of its own is not told.
 *
 * <p>Only a garbage collection tells what nobody reaches any more. It is asked for if there is a
 * filled queue to ask about, and again when a thread has ended that may have held it. Used by one
 * thread.
 */
final class LeftBehind {

  private final Suspicion check;
  private final OpenThings open;
  private final Born born;
  private final Untouched untouched;
  private @Nullable Set<Birth> reached;
  private int lookedAt;
  private Coverage coverage = Coverage.FULL;

  LeftBehind(Suspicion check, OpenThings open, Untouched untouched) {
    this.check = check;
    this.untouched = untouched;
    this.open = open;
    this.born = check.born();
  }

  /** The queues, as of now. */
  List<QueueBirth> queues() {
    List<QueueBirth> filled = new ArrayList<>(born.filledQueues());
    filled.removeIf(birth -> open.isQueueOfOthers(birth.queue()));
    if (filled.isEmpty()) {
      return filled;
    }
    if (check.scope().hasReturned()) {
      check.collect();
    }
    if (reached == null || lookedAt != check.collected().count()) {
      lookedAt = check.collected().count();
      coverage = Coverage.FULL;
      reached = reachedFromOutside(filled);
    }
    Set<Birth> left = reached;
    filled.removeIf(birth -> !left.contains(birth) || !birth.isFilled() || born.isLibrarys(birth));
    return filled;
  }

  Coverage coverage() {
    return coverage;
  }

  private Set<Birth> reachedFromOutside(List<QueueBirth> filled) {
    if (!check.scope().hasReturned()) {
      leaveAlone(
          filled.size(),
          Coverage.Limit.LOCAL_VARIABLES,
          "a local variable of the code that checks may hold them");
      return Set.of();
    }
    List<QueueBirth> candidates = new ArrayList<>(born.queues());
    if (!check.collect()) {
      leaveAlone(
          filled.size(),
          Coverage.Limit.NO_COLLECTION,
          "no garbage collection could be had to tell whether anybody still reaches them");
      return Set.of();
    }
    candidates.removeIf(birth -> birth.refersTo(null));
    if (candidates.isEmpty()) {
      return Set.of();
    }
    Set<Object> own = ownQueues();
    own.addAll(waitedOn());
    Set<Birth> left = new HashSet<>();
    for (QueueBirth birth : candidates) {
      BlockingQueue<?> queue = birth.queue();
      if (queue == null || (birth.isFilled() && untouched.hasInMock(queue))) {
        continue; // also where the test's objects lead to the mock: its framework keeps it longer
      }
      if (!own.contains(queue) && !check.isShared(queue)) {
        left.add(birth);
      }
    }
    return left;
  }

  /** Queues that a leaked thread waits on: what is in them is told with the thread. */
  private List<BlockingQueue<?>> waitedOn() {
    List<BlockingQueue<?>> waitedOn = new ArrayList<>();
    List<Thread> told = check.newcomers().told(check.suspects()::threads);
    for (QueueBirth birth : QueueEvidence.waitedOn(told, born.queues()).values()) {
      BlockingQueue<?> queue = birth.queue();
      if (queue != null) {
        waitedOn.add(queue);
      }
    }
    return waitedOn;
  }

  private void leaveAlone(int count, Coverage.Limit limit, String why) {
    coverage =
        Coverage.limitedBy(
            limit,
            count + (count == 1 ? " queue that holds" : " queues that hold") + " elements: " + why);
  }

  /**
   * Queues that the scope's own objects lead to, and those that executors work with. Fields of the
   * owners themselves are judged by what they held when the scope opened.
   */
  private Set<Object> ownQueues() {
    Set<Object> own = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Holding held : check.owners().reachable()) {
      own.add(held.object());
    }
    List<ExecutorService> executors = new ArrayList<>();
    for (ExecutorBirth birth : born.allExecutors()) {
      ExecutorService executor = birth.executor();
      if (executor != null) {
        executors.add(executor);
      }
    }
    executors.addAll(check.newcomers().unrecorded());
    for (ExecutorService executor : executors) {
      Object work = ExecutorProbe.workQueue(executor);
      if (work != null) {
        own.add(work);
      }
    }
    for (Holding held : ObjectGraph.reach(executors, List.of())) {
      own.add(held.object());
    }
    return own;
  }
}
