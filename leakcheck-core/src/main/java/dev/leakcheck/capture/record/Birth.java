package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was made, held weakly, with where it was made. Equal to no other birth, and to a
 * {@link Key} of its thing. Small, as there is one for each live thread. Thread-safe.
 */
public abstract sealed class Birth extends WeakReference<Object>
    permits AnyTaskBirth,
        ExecutorBirth,
        LockBirth,
        ProcessBirth,
        QueueBirth,
        ShutdownHookBirth,
        StageBirth,
        ThreadBirth {

  private static final Origin NOT_KEPT =
      new Origin.Unknown(
          "so many things were alive at once that the creation stacks of some were not kept");

  /** It was made by a thread that works for a scope of its own. */
  private static final long BY_OWN = Long.MAX_VALUE;

  private static final long NOT_REPORTED = Long.MAX_VALUE;

  /**
   * How many generations of threads are known at least, of those that made the next each. It has to
   * be more than come while a check tells of one of them; a chain may go on for ever.
   */
  private static final int GENERATIONS = 256;

  private final long number;
  private final int hash;

  /** The thread that made it and entered no scope. */
  private volatile @Nullable Birth maker;

  private int generation;

  /** The lowest number of a thread that led to it, or of the executor of such a thread. */
  private volatile long eldest = BY_OWN;

  /** The last number that was given when what was reported of it was looked at. */
  private volatile long reportedAt = NOT_REPORTED;

  private volatile boolean outlived;
  private volatile boolean leaked;
  private volatile boolean nobodys;
  private volatile @Nullable Boolean inInitializer;

  /** A {@link Trace}, or the {@link Origin} that it led to, or null if it was not kept. */
  private volatile @Nullable Object made;

  /** Finds the birth of an object without creating one. */
  record Key(Object object) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Birth birth
          ? birth.refersTo(object)
          : other instanceof Key key && key.object == object;
    }

    @Override
    public int hashCode() {
      return hash(object);
    }
  }

  /** Where that was made which led to it, as {@link #made} is; null if that is nothing. */
  private volatile @Nullable Object first;

  Birth(Object object, long number, @Nullable Trace trace) {
    super(object);
    this.hash = hash(object);
    this.number = number;
    this.made = trace;
  }

  /** Ids of threads are spread well already, and need no identity hash code in the object. */
  private static int hash(Object object) {
    return object instanceof Thread thread
        ? Long.hashCode(Jdk.threadId(thread))
        : System.identityHashCode(object);
  }

  /** The order of births. */
  long number() {
    return number;
  }

  /** Whether nothing can come of it any more. */
  abstract boolean isOver();

  /** Whether it may do something for the scope on another thread than the scope's own. */
  boolean mayHelp() {
    return false;
  }

  /** Whether it is still of interest when the scope that it was made in is closed. */
  abstract boolean outlasts();

  /**
   * Where it was made.
   *
   * @return the origin
   */
  public Origin origin() {
    Object known = made;
    if (known instanceof Trace trace) {
      Origin origin = trace.origin();
      made = origin;
      Trace.released();
      return origin;
    }
    return known instanceof Origin origin ? origin : NOT_KEPT;
  }

  /**
   * Where the first of the threads was made that led to it, each by making the next, or the
   * executor of that thread. Those between are not kept, however many there are.
   *
   * @return null if no such thread made it, or its stack was not kept
   */
  public @Nullable Origin first() {
    Object known = first;
    return known instanceof Trace trace ? trace.origin() : known instanceof Origin it ? it : null;
  }

  /**
   * A thread made it that entered no scope.
   *
   * @param thread its birth, or null if it is older than every scope, or in none
   */
  Birth by(@Nullable Birth thread) {
    if (thread == null) {
      eldest = 0;
      return this;
    }
    eldest = Math.min(thread.eldest, thread.numberOfMade());
    maker = thread;
    generation = thread.generation + 1;
    if (generation % GENERATIONS == 0) {
      forgetBefore();
    }
    return this;
  }

  private void forgetBefore() {
    Birth oldest = this;
    for (int i = 0; i < GENERATIONS && oldest != null; i++) {
      oldest = oldest.maker;
    }
    if (oldest != null) {
      oldest.maker = null;
    }
  }

  /** Number of what counts for how old it is: of a worker that is its executor. */
  long numberOfMade() {
    return number;
  }

  /** Whether a thread made it, or led to the one that did, that is older than a scope. */
  boolean isMadeByOlder(BirthScope scope) {
    return eldest <= scope.openedAt();
  }

  /**
   * Whether a thread made it that another birth is of, or a worker of what that is of.
   *
   * @param other the birth of a thread or an executor
   * @return whether that is so
   */
  public boolean isMadeIn(Birth other) {
    Birth known = maker;
    return known != null && known.isOf(other);
  }

  /** Whether it is another birth, or works for what that is of. */
  boolean isOf(Birth other) {
    return this == other;
  }

  /** A thread that has a birth itself made it. */
  Birth madeBy(@Nullable Birth thread) {
    first = thread == null ? null : thread.firstOrMade();
    return this;
  }

  /** A task made it: what led to the first of a chain of tasks led to all of it. */
  void firstOf(Birth task, boolean link) {
    first = link ? task.first : task.made;
  }

  @Nullable Object firstOrMade() {
    Object known = first;
    return known == null ? made : known;
  }

  /**
   * The stack it was made with.
   *
   * @return innermost frame first; empty if it is not known
   */
  public List<StackTraceElement> stack() {
    return origin() instanceof Origin.Known known ? known.stack() : List.of();
  }

  /**
   * It was told to a person as a leak.
   *
   * @param asOf the last number that was given when what is told was looked at
   */
  public void report(long asOf) {
    reportedAt = Math.min(reportedAt, asOf);
  }

  /** When it, or what it works for, was looked at to be told. */
  long reportedAt() {
    return reportedAt;
  }

  /**
   * Whether the scope that it was made in is closed.
   *
   * @return true if it was handed to the scope around that
   */
  public final boolean hasOutlived() {
    return outlived;
  }

  /** The scope that it was made in is closed. */
  void outlive() {
    outlived = true;
    if (reportedAt != NOT_REPORTED) {
      leaked = true;
    } else if (isMadeByReported()) {
      nobodys = true;
    }
  }

  /**
   * Whether it came of a thread after that was found to be a leak. What came before was there to be
   * judged for itself.
   */
  private boolean isMadeByReported() {
    for (Birth by = maker; by != null; by = by.maker) {
      if (by.reportedAt() < number) {
        return true;
      }
    }
    return false;
  }

  /** Whether it was reported by a scope that is closed: what comes of it is no other scope's. */
  boolean isLeaked() {
    return leaked;
  }

  /** It came of something that was leaked, or is of no use to anybody when its scope has ended. */
  public void disown() {
    nobodys = true;
  }

  /** Whether no scope answers for it. */
  boolean isNobodys() {
    return nobodys;
  }

  /** Whether no scope that is still open will ever tell of it. */
  boolean isAnswered() {
    return leaked || nobodys;
  }

  /** Whether it was made while a class was initialised: then it is everybody's. */
  boolean isStatic() {
    Boolean known = inInitializer;
    if (known == null) {
      known =
          stack().stream()
              .takeWhile(frame -> !Stacks.isTestRunner(frame))
              .anyMatch(frame -> frame.getMethodName().equals("<clinit>"));
      inInitializer = known;
    }
    return known;
  }

  /** Gives up what the trace holds; it refers to classes. */
  void forget() {
    first = null;
    if (made instanceof Trace) {
      made = null;
      Trace.released();
    }
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }
}
