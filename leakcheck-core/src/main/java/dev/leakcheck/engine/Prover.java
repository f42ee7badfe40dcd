package dev.leakcheck.engine;

import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Findings;

/**
 * Asks of findings that fail whether anybody alive can ever wake their threads, and who holds what
 * was left. Thread-safe.
 */
@FunctionalInterface
public interface Prover {

  /** Asks nothing. */
  Prover NONE = (scope, findings, subjects) -> findings;

  /**
   * Adds the answers. The calling thread must not be interrupted: that would spoil the asking.
   *
   * @param scope the scope that was checked
   * @param findings what the check found
   * @param subjects finds the objects that they are about
   * @return the same findings, with an answer where one was asked for
   */
  Findings prove(Scope scope, Findings findings, Subjects subjects);

  /**
   * Adds the answers; a pending interrupt is given back afterwards.
   *
   * @param scope the scope that was checked
   * @param findings what the check found
   * @param subjects finds the objects that they are about
   * @return the same findings, with an answer where one was asked for
   */
  default Findings ask(Scope scope, Findings findings, Subjects subjects) {
    boolean interrupted = Thread.interrupted();
    try {
      return prove(scope, findings, subjects);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Asks this one and then another.
   *
   * @param next is asked of what came of it
   * @return both
   */
  default Prover and(Prover next) {
    return (scope, findings, subjects) ->
        next.prove(scope, prove(scope, findings, subjects), subjects);
  }
}
