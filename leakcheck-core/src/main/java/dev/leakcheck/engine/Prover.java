package dev.leakcheck.engine;

import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Findings;

/** Asks of findings that fail whether anybody alive can ever wake their threads. Thread-safe. */
@FunctionalInterface
public interface Prover {

  /** Asks nothing. */
  Prover NONE = (scope, findings) -> findings;

  /**
   * Adds the answers.
   *
   * @param scope the scope that was checked
   * @param findings what the check found
   * @return the same findings, with an answer where one was asked for
   */
  Findings prove(Scope scope, Findings findings);

  /**
   * Asks this one and then another.
   *
   * @param next is asked of what came of it
   * @return both
   */
  default Prover and(Prover next) {
    return (scope, findings) -> next.prove(scope, prove(scope, findings));
  }
}
