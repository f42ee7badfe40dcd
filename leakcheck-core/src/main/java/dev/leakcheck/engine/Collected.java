package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.engine.tier.Newcomers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Garbage collections that a check asks for: as few as will do. Used by one thread. */
final class Collected {

  private final Newcomers newcomers;
  private @Nullable Boolean collected;
  private int count;
  private List<Thread> aliveThen = List.of();

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
