package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.engine.scope.Ledger;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;

/** What is left of the things of the world when those that certainly are others' are left out. */
public final class Ours {

  private final Shared shared;
  private final Ledger ledger;
  private final Scope scope;
  private final long checker;

  /**
   * Of a check.
   *
   * @param checker id of the thread that checks
   */
  public Ours(Shared shared, Scope scope, long checker) {
    this.shared = shared;
    this.ledger = shared.ledger();
    this.scope = scope;
    this.checker = checker;
  }

  /**
   * Whether a thread is neither the one that checks nor reported or made outside already, nor kept
   * by a task that was reported.
   */
  public boolean may(long thread) {
    return thread != checker
        && !ledger.hasThread(thread, scope)
        && !shared.outside().contains(thread)
        && !shared.toldTasks().keep(thread, scope);
  }

  /** Whether an executor is neither everybody's nor reported nor known to be benign. */
  public boolean may(String executor) {
    return !CommonPool.isNamed(executor)
        && !ledger.hasExecutor(executor, scope)
        && !ledger.isBenignExecutor(executor);
  }
}
