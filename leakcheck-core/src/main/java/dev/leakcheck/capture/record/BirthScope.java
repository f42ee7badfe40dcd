package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.Jdk;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What was made in one scope and may still be there. What has ended is dropped as more is made, so
 * that its size follows what is alive, not what was made.
 *
 * <p>Thread-safe. Births are added by hooks, which take no lock: they are in a concurrent map, one
 * thread at a time sweeps it, and what is added while the scope is closed is handed up by whichever
 * of the two sees it last. What was open at the same time is guarded by this object's lock. The
 * rest is volatile, as hooks and questions read it on any thread.
 */
public final class BirthScope {

  private static final int FIRST_SWEEP = 1_024;

  /**
   * Each birth under itself, and so under the {@link Birth.Key} of its object. Replaced when the
   * scope is closed: the table stays as large as it once was.
   */
  private volatile Map<Object, Birth> births = new ConcurrentHashMap<>();

  /** Those of them that are platform threads of executors: among many others they are few. */
  private final Set<ThreadBirth> workers = ConcurrentHashMap.newKeySet();

  /** What was open at the same time; until it is closed, so that it holds no chain of them. */
  private final List<BirthScope> met = new ArrayList<>();

  private boolean metUnrelated;

  /** Names of classes whose initialisers work for this scope, whoever sets them off. */
  private final Set<String> awaited = ConcurrentHashMap.newKeySet();

  /** Names of classes whose code may give tests their arguments; empty as long as none does. */
  private final Set<String> givers = ConcurrentHashMap.newKeySet();

  private final Successor successor = new Successor();

  private final AtomicInteger added = new AtomicInteger();
  private volatile int sweptAt;
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final AtomicInteger entries = new AtomicInteger();
  private volatile @Nullable BirthScope parent;
  private final Kind kind;
  private final Survivors survivors;
  private final long openedBy = Jdk.threadId(Thread.currentThread());
  private final long openedAt;
  private volatile int sweepAt = FIRST_SWEEP;

  /** Gone with the first garbage collection after a sweep. */
  private volatile WeakReference<Object> untilCollection = new WeakReference<>(new Object());

  private volatile String name;
  private volatile boolean closed;
  private volatile boolean besideOthers;
  private volatile boolean helped;

  /** Whose births are in a scope. */
  enum Kind {
    /** Those of the thread that opened it, and of its descendants. */
    BY_THREAD,
    /** Those of threads that entered it, and of their descendants. */
    BY_ENTRY,
    /** Everybody's, from the time it was opened. */
    FOR_ALL
  }

  BirthScope(
      String name, @Nullable BirthScope parent, Kind kind, long openedAt, Survivors survivors) {
    this.survivors = survivors;
    this.name = name;
    this.parent = parent;
    this.kind = kind;
    this.openedAt = openedAt;
  }

  /** As messages call it. */
  String name() {
    return name;
  }

  /**
   * Names the scope.
   *
   * @param name as messages call it
   */
  public void name(String name) {
    this.name = name;
  }

  /**
   * A class is not initialised yet: what its initialiser makes is this scope's.
   *
   * @param className the class
   */
  public void awaitInitializer(String className) {
    awaited.add(className);
  }

  /**
   * A class is initialised.
   *
   * @param className the class
   */
  public void initialized(String className) {
    awaited.remove(className);
  }

  /**
   * Code that gives tests their arguments may run from now on: what that makes is this scope's.
   *
   * @param classNames the test class, and those whose methods it has
   */
  public void givesArguments(Set<String> classNames) {
    ArgumentCode.load();
    givers.addAll(classNames);
  }

  /** Classes of tests that are given arguments; empty if none has been yet. */
  Set<String> givers() {
    return givers;
  }

  /** Whether some class is not initialised yet. */
  boolean awaitsInitializers() {
    return !awaited.isEmpty();
  }

  /** Whether a class was not initialised the last time that was known. */
  boolean awaitsInitializer(String className) {
    return awaited.contains(className);
  }

  /**
   * Puts the scope inside another.
   *
   * @param outer the scope around it
   */
  public void within(BirthScope outer) {
    parent = outer;
  }

  @Nullable BirthScope parent() {
    return parent;
  }

  /** Number of the last birth before it opened. */
  long openedAt() {
    return openedAt;
  }

  /** Id of the thread that opened it. */
  long openedBy() {
    return openedBy;
  }

  Kind kind() {
    return kind;
  }

  /**
   * Code that enters no scope runs at the same time: what threads make that entered none may be the
   * scope's or not.
   */
  public void besideOthers() {
    besideOthers = true;
  }

  /**
   * Whether a scope that is neither around this one nor inside it was open at the same time.
   *
   * @return true if there was one, also if code runs beside this scope that enters none
   */
  public boolean metOthers() {
    return besideOthers || hasMet();
  }

  boolean isBesideOthers() {
    return besideOthers;
  }

  /** Notes a scope that is open at the same time. */
  synchronized void meet(BirthScope other) {
    // What is closed does not move into another scope any more: it need not be kept.
    met.removeIf(
        earlier -> {
          boolean over = earlier.isClosed();
          metUnrelated |= over && isUnrelated(earlier);
          return over;
        });
    met.add(other);
  }

  /** Whether a scope that is neither around this one nor inside it was open at the same time. */
  synchronized boolean hasMet() {
    return metUnrelated || met.stream().anyMatch(this::isUnrelated);
  }

  private boolean isUnrelated(BirthScope other) {
    return !other.isWithin(this) && !isWithin(other);
  }

  boolean isClosed() {
    return closed;
  }

  /** Who answers when this is closed and gone. */
  Successor successor() {
    return successor;
  }

  /** Whether code of the scope runs now, so that what is made now may be its own. */
  boolean isEntered() {
    return kind != Kind.BY_ENTRY || entries.get() > 0;
  }

  void entered() {
    entries.incrementAndGet();
  }

  void left() {
    entries.decrementAndGet();
  }

  /** Whether this is the other scope, or inside it; every scope is inside null. */
  boolean isWithin(@Nullable BirthScope other) {
    BirthScope scope = this;
    while (scope != null && scope != other) {
      scope = scope.parent;
    }
    return scope == other;
  }

  /**
   * Whether a thread was started or a task was made in it, so that somebody else than its own
   * thread may have worked for it.
   *
   * @return false if nothing but its own thread did
   */
  public boolean isHelped() {
    return helped;
  }

  void add(Birth birth) {
    Map<Object, Birth> known = births;
    if (!helped && birth.mayHelp()) {
      helped = true;
    }
    known.put(birth, birth);
    if (birth instanceof ThreadBirth thread && thread.isPlatformWorker()) {
      workers.add(thread);
    }
    if (closed) {
      leave(birth, known);
      return;
    }
    if (isTimeToSweep(added.incrementAndGet() - sweptAt) && sweeping.compareAndSet(false, true)) {
      try {
        sweep();
      } finally {
        sweeping.set(false);
      }
    }
  }

  /**
   * When as many were added as the last sweep left, so that it costs each of them little; sooner
   * after a collection, which leaves many behind at once where memory is plenty.
   */
  private boolean isTimeToSweep(int addedSince) {
    return addedSince >= sweepAt || (addedSince >= FIRST_SWEEP && untilCollection.refersTo(null));
  }

  private void sweep() {
    sweptAt = added.get();
    untilCollection = new WeakReference<>(new Object());
    int left = 0;
    for (Birth birth : births.values()) {
      if (birth.isOver()) {
        remove(birth);
      } else {
        left++;
      }
    }
    sweepAt = Math.max(FIRST_SWEEP, left);
  }

  private void remove(Birth birth) {
    if (births.remove(birth, birth)) {
      workers.remove(birth);
      birth.forget();
    }
  }

  /** It is found in one scope or the other at any time: it may be making something just now. */
  private void leave(Birth birth, Map<Object, Birth> known) {
    if (known.get(birth) == birth) {
      birth.outlive();
      handUp(birth);
      known.remove(birth, birth);
      workers.remove(birth);
    }
  }

  private void handUp(Birth birth) {
    BirthScope up = parent;
    if (up == null) {
      survivors.add(birth);
      birth.forget();
    } else {
      birth.origin(); // the trace would hold classes of the closed scope
      up.add(birth);
    }
  }

  /**
   * Nobody answers for what is left, nor for what will come of it. What a class made when it was
   * initialised is not meant: it lives as long as the class.
   */
  void disown() {
    for (Birth birth : births.values()) {
      if (birth.outlasts() && !birth.isStatic()) {
        birth.disown();
      }
    }
  }

  /** Whatever is added from now on goes to the scope around it; false if that is so already. */
  boolean beginClose() {
    if (closed) {
      return false;
    }
    closed = true;
    successor.moveTo(parent);
    return true;
  }

  /**
   * What is left goes to the scope around it: live threads, executors that were not stopped, queues
   * that hold something.
   */
  void close() {
    synchronized (this) {
      met.clear();
    }
    for (Birth birth : births.values()) {
      if (birth.outlasts()) {
        leave(birth, births);
      } else {
        remove(birth);
      }
    }
    births = new ConcurrentHashMap<>(); // who adds to the old one sees that this is closed
    workers.clear();
  }

  /** How many were added so far; one that is seen has been counted before its maker ends. */
  int added() {
    return added.get();
  }

  @Nullable Birth find(Object key) {
    return births.get(key);
  }

  /** Platform threads of executors; some may have ended. */
  Set<ThreadBirth> workers() {
    return workers;
  }

  /** Adds what is left to a list. */
  <B extends Birth> void collect(Class<B> type, Predicate<B> wanted, List<B> into) {
    for (Birth birth : births.values()) {
      if (type.isInstance(birth) && !birth.isNobodys() && wanted.test(type.cast(birth))) {
        into.add(type.cast(birth));
      }
    }
  }
}
