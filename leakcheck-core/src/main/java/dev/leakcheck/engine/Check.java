package dev.leakcheck.engine;

import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.record.ShutdownHookBirth;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Outside;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.Born;
import dev.leakcheck.engine.tier.Newcomers;
import dev.leakcheck.engine.tier.Tier;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Origin;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A check of a scope, as far as an inspector has to know it: what is the scope's, what was told
 * before, and where to say what could not be seen. Used by one thread.
 */
public interface Check {

  /** The scope that is checked. */
  Scope scope();

  /** Whether only what fields hold is judged, since other code runs meanwhile. */
  boolean isFieldsOnly();

  /** Id of the thread that checks. */
  long checkerId();

  /** Whether the thread that checks was interrupted when the check began. */
  boolean wasInterrupted();

  /** How this JVM tells what is new. */
  Tier tier();

  /** What the scope did not open with. */
  Newcomers newcomers();

  /** What an agent recorded in the scope; nothing where there is none. */
  Born born();

  /**
   * The same origin, with whose code made the thing.
   *
   * @param origin where it was made
   */
  Origin madeBy(Origin origin);

  /**
   * Whether a thread is neither the one that checks nor reported or made outside already, nor left
   * to a scope around this one.
   */
  boolean isOurs(long thread);

  /** Whether an executor is new, and neither reported nor known to be somebody else's. */
  boolean isOurs(String executor);

  /** Whether a failure of a thread came after LeakCheck had told it to end. */
  boolean isStopped(long thread, long failure);

  /** What was made outside every scope. */
  Outside outside();

  /** Whether another scope has told of a symptom. */
  boolean isTold(String symptom);

  /** Whether another scope has told of an executor: what is in it is a part of that. */
  boolean isTold(ExecutorService executor);

  /** Whether the objects of a scope around this one led to something when first asked. */
  boolean isShared(@Nullable Object object);

  /** The same of a process. */
  boolean isShared(ProcessHandle process);

  /**
   * Whether any of some objects is somebody else's to answer for: objects of a scope around this
   * one lead to it, or another extension's.
   */
  boolean isOfOthers(Collection<?> objects);

  /**
   * Objects that are somebody else's to answer for in the same way.
   *
   * @param types which classes are meant
   */
  List<Object> ofOthers(Predicate<Class<?>> types);

  /** Whether objects of another extension's lead to any of some objects. */
  boolean isOfExtensions(Collection<?> objects);

  /** Whether another scope has told of a thread. */
  boolean isTold(Thread thread);

  /** Whether an executor that is new was made for itself by an object of another extension's. */
  boolean isLeftAlone(Object executor);

  /**
   * The class of the program's that keeps an executor or a timer for everybody, in a final static
   * field or in what that holds.
   *
   * @param executor an executor, or the thread of a timer
   * @return null if none does for which no scope answers
   */
  @Nullable Class<?> keeper(Object executor);

  /**
   * Whether a scope around this one answers for a shutdown hook, or another extension: its objects
   * lead there, or registered the hook as they were used.
   */
  boolean isOfFixture(ShutdownHookBirth hook);

  /** Whether the last look at threads found any that are new. */
  boolean hasThreadsLeft();

  /**
   * Whether one of the new threads that were left at the last look may be stuck on a lock that a
   * virtual thread has to do with, which costs thread dumps to tell.
   */
  boolean mayHoldVirtualLocks();

  /**
   * Has what nothing refers to collected.
   *
   * @return false if that could not be had
   */
  boolean collect();

  /** The last dump that this check took, or null if it needed none so far. */
  @Nullable ThreadDump lastDump();

  /** Takes thread dumps. */
  ThreadDumper dumper();

  /** Notes what could not be seen. */
  void limitedBy(Coverage limit);
}
