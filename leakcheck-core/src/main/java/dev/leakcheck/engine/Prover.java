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
}
