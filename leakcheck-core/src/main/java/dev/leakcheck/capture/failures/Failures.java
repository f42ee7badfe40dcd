package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.record.Owner;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions of this JVM that nobody has seen so far, the newest {@link #MOST} of them. Its
 * lock is held for a few instructions and within no other code. Thread-safe.
 */
public final class Failures {

  /** How many are kept: a few megabytes at most. */
  public static final int MOST = 1_000;

  private static final Failures JVM = new Failures();

  private final Deque<Failure> unseen = new ArrayDeque<>();
  private long numbers;
  private volatile long dropped;
  private volatile long lastDropped;
  private volatile long newest;

  /** Also the number of the newest failure that was ever seen. */
  private volatile long last;

  Failures() {}

  /**
   * The failures of this JVM.
   *
   * @return the one instance
   */
  public static Failures jvm() {
    return JVM;
  }

  /** Notes what the current thread fails with. */
  Failure add(Failure.How how, Throwable exception, @Nullable Owner owner) {
    Failure failure = Failure.now(nextNumber(), how, exception, owner);
    add(failure);
    return failure;
  }

  /** The same of one that a future keeps. */
  Failure add(Failure.How how, Throwable exception, Kept.Due due) {
    Failure failure = Failure.now(nextNumber(), how, exception, due.owner()).of(due.code());
    add(failure);
    return failure;
  }

  private synchronized long nextNumber() {
    return ++numbers;
  }

  private synchronized void add(Failure failure) {
    unseen.add(failure);
    if (unseen.size() > MOST) {
      lastDropped = Math.max(lastDropped, unseen.remove().number());
      dropped++;
    }
    last = Math.max(last, failure.number());
    newest = Math.max(newest, failure.number());
  }

  /**
   * How many were dropped, since {@link #MOST} newer ones were kept.
   *
   * @return the number since the JVM began
   */
  public long dropped() {
    return dropped;
  }

  /**
   * Whether a failure with a higher number was dropped.
   *
   * @param number a number
   * @return true if there was one that nobody had seen
   */
  public boolean droppedSince(long number) {
    return lastDropped > number;
  }

  /** Somebody has seen the exception. */
  synchronized void remove(Failure failure) {
    if (unseen.removeLastOccurrence(failure)) {
      long most = 0;
      for (Failure left : unseen) {
        most = Math.max(most, left.number());
      }
      newest = most;
    }
  }

  /**
   * The number of the last failure so far.
   *
   * @return 0 if there was none
   */
  public long last() {
    return last;
  }

  /**
   * Whether there is a failure with a higher number. Costs the read of one field.
   *
   * @param number a number
   * @return true if there is one that nobody has seen
   */
  public boolean hasSince(long number) {
    return newest > number;
  }

  /**
   * The failures with higher numbers.
   *
   * @param number a number
   * @return those that nobody has seen, oldest first
   */
  public synchronized List<Failure> since(long number) {
    return unseen.stream().filter(failure -> failure.number() > number).toList();
  }
}
