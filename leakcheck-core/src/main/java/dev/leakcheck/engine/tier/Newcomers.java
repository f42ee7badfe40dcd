package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.failures.Failure;
import dev.leakcheck.capture.record.ExecutorBirth;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.model.ThreadRecord;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/** What a scope did not open with. Looks anew on every call. Used by one thread. */
public interface Newcomers {

  /** Whether nothing at all is new; takes no stack, no dump and no list of threads. */
  boolean nothing();

  /** Live threads that may be new: all platform threads, and virtual ones that are known. */
  List<Thread> threads();

  /** The same without a rule being asked, or empty where asking the rules costs nothing. */
  Optional<List<Thread>> roughly();

  /** What goes on of chains of threads that were told. */
  Successors successors();

  /** Whether a platform thread is new. */
  boolean isNewPlatform(long id);

  /** Whether a virtual thread that only a dump lists is new. */
  boolean isNewVirtual(long id);

  /** Whether there may be new virtual threads that only a dump lists. */
  boolean mayHaveVirtual();

  /** Whether an executor of the JDK is new, by class name and identity. */
  boolean isNew(String executor);

  /** Whether an executor is known to be older than the scope, whosever it is. */
  boolean isOlder(ExecutorService executor);

  /** Whether an executor that a field holds may be new as far as that is known. */
  boolean mayBeNew(ExecutorService executor);

  /** Whether a live thread was made in the scope, or may have been, where that is told by time. */
  boolean isMadeHere(ThreadRecord thread);

  /** Whether a live thread was made for another scope. */
  boolean isMadeElsewhere(long id);

  /** Whether a thread that died was started in the scope. */
  boolean isStartedHere(Failure failure);

  /** Whether code of other scopes ran meanwhile that this scope's own cannot be told from. */
  boolean isOverlapped();

  /**
   * Whether nobody but the scope's own thread can have done anything for it, as far as threads are
   * told that were started and tasks that were given away.
   */
  boolean isAlone();

  /** The dump that tells which threads work for which executor, if one is needed for that. */
  ThreadDump workers(Supplier<ThreadDump> dump);

  /** The executor that a thread was made for, by identity, where that is recorded. */
  Optional<String> executorOf(Thread thread);

  /** Executors that were recorded in the scope; empty where a dump lists them. */
  List<ExecutorBirth> executors();

  /** Whether what was collected is told as well, so that it does not matter when that was. */
  boolean tellsCollected();

  /** Whether there may be task scopes without a thread, which only a dump tells of. */
  boolean mayHaveTaskScopes();

  /**
   * Live threads that are told, with whatever they wait on.
   *
   * @param suspects those that the check suspects, where it is not recorded who made them
   */
  List<Thread> told(Supplier<List<Thread>> suspects);

  /** Executors of live threads that may not have been recorded. */
  Collection<ExecutorService> unrecorded();

  /** All live threads, older ones included, but for those that were made for other scopes. */
  List<ThreadRecord> alive(LongPredicate wanted);

  /** Live threads whose variables may hold what was made in the scope. */
  List<Thread> mayHold();
}
