package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.engine.tier.Newcomers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Garbage collections that a check asks for: as few as will do. Used by one thread. */
final class Collected {

  private final Newcomers newcomers;
  private @Nullable Boolean collected;
  private int count;
  private List<Thread> aliveThen = List.of();
  private final Set<Long> timers = new HashSet<>();

  Collected(Newcomers newcomers) {
    this.newcomers = newcomers;
  }

  /**
   * Has what nothing refers to collected; false if that could not be had. What was collected before
   * does as long as the threads go on that were there then: what only the variables of one that has
   * ended held is garbage since.
   */
  boolean collect() {
    if (collected == null || !aliveThen.stream().allMatch(Thread::isAlive)) {
      aliveThen = newcomers.mayHold();
      collected = Garbage.collect();
      count++;
    }
    return collected;
  }

  /**
   * Has timers end that nothing refers to and that have nothing to do, as the JDK does when they
   * are collected: one that was collected before the check cannot be told, so none is. Each timer
   * is tried once.
   *
   * @param suspects threads that have to end
   * @return false if there was one, and no collection could be had
   */
  boolean endTimers(List<Thread> suspects) {
    if (newcomers.tellsCollected()) {
      return true;
    }
    boolean fresh = false;
    for (Thread thread : suspects) {
      fresh |=
          thread.getClass().getName().equals(CauseWriter.TIMER)
              && AskThread.state(thread) == Thread.State.WAITING
              && timers.add(LiveThreads.id(thread));
    }
    if (fresh) {
      collectAnew();
    }
    return !fresh || collect();
  }

  /** How often there was a collection: what was reachable at an earlier one may be no more. */
  int count() {
    return count;
  }

  /** Somebody is about to be accused: tasks of older pools may have ended since, too. */
  void collectAnew() {
    collected = null;
    aliveThen = List.of(); // a thread that is held here is held for good
  }
}
