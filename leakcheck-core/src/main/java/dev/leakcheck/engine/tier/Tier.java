package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.ThreadRecord;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * One of the two ways to tell what is new, whose it is and what is still open: {@link ByCount} and
 * {@link ByBirth}. One serves all scopes of the JVM; for each check it gives {@link Newcomers}.
 * Thread-safe.
 */
public interface Tier {

  /** What a scope that opens now opens with. */
  Baseline baseline();

  /** What is new in a scope. */
  Newcomers newcomers(Scope scope, Born born, Ours ours);

  /** Whether scopes may overlap, since things are told apart by who made them and not by time. */
  boolean isExact();

  /** Whether a scope may overlap others: it needs a record of its own for that. */
  boolean isExact(Scope scope);

  /** What no check can see. */
  Coverage coverage();

  /** Executors that exist now are known to brief scopes that open later. */
  void listExecutors();

  /** The executors that exist now and may be a scope's, by identity. */
  Set<String> executorsIn(Scope scope);

  /** Looks at virtual threads and, where that tells of any, at executors. */
  ThreadDump dump(LongPredicate wanted);

  /** Whether a dump could not be taken, though it should have been possible. */
  boolean isFailed(ThreadDump dump);

  /** Whether {@link #dump} tells what virtual threads wait for in monitors. */
  boolean dumpsMonitors();

  /** Whether virtual threads can be listed. */
  boolean listsVirtual();

  /** The live virtual threads as objects, or empty if they can be had in a dump only. */
  Optional<List<Thread>> virtualThreads();

  /** All live virtual threads, or empty if they could not all be seen. */
  Optional<List<ThreadRecord>> allVirtual();

  /** Which of some virtual threads are alive; empty if nothing lists them. */
  Optional<Set<Long>> aliveVirtual(Set<Long> ids);

  /** Whether an executor of an {@linkplain dev.leakcheck.classify.Evidence evidence} is there. */
  boolean isThere(ExecutorRecord executor);

  /** Whether it is told who started every process. */
  boolean tellsProcesses();

  /** The thread counters as they are now, or as of when a pause began that lasts. */
  Reading reading();

  /**
   * A class that a scope around this one watches was initialised while an object was built for this
   * one. What the initialiser made is the other's, as far as that can be told.
   */
  void leaveToOuter(Scope scope, Object built);

  /**
   * Pauses every scope of the JVM.
   *
   * @param scope one of them, whose objects hold what was made before
   * @param owners more such objects
   */
  Pause pause(Scope scope, Collection<?> owners);
}
