package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.ask.LockProbe;
import dev.leakcheck.capture.base.Initialized;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.capture.threads.LiveThreads;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The span between a baseline and a check, and what has to be known of it until then. What users
 * and test frameworks have in hand are faces of it. Thread-safe.
 */
public final class Scope {

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();
  private final long openedMillis;
  private final Shared shared;
  private final ScopeOptions options;
  private final @Nullable BirthScope births;
  private final Memories memories;
  private final Watched watched;
  private final long openedBy;

  /** Watched classes that were not initialised when that was last asked. */
  private final Set<Class<?>> asleep = ConcurrentHashMap.newKeySet();

  /** Classes that scopes around this one watch, and that may yet be initialised within it. */
  private final Set<Class<?>> asleepAround = ConcurrentHashMap.newKeySet();

  private volatile Baseline baseline;
  private volatile boolean hasReturned;

  private Scope(
      Shared shared,
      ScopeOptions options,
      Baseline baseline,
      @Nullable BirthScope births,
      Memories memories,
      Watched watched,
      long openedBy,
      long openedMillis) {
    this.shared = shared;
    this.options = options;
    this.baseline = baseline;
    this.births = births;
    this.memories = memories;
    this.watched = watched;
    this.openedBy = openedBy;
    this.openedMillis = openedMillis;
  }

  /**
   * A scope that the current thread opens now.
   *
   * @param births what an agent records in it, or null if there is none
   */
  public static Scope open(
      Shared shared,
      ScopeOptions options,
      Baseline baseline,
      @Nullable BirthScope births,
      Memories memories) {
    Scope scope =
        new Scope(
            shared,
            options,
            baseline,
            births,
            memories,
            new Watched(),
            LiveThreads.id(Thread.currentThread()),
            System.currentTimeMillis());
    scope.recordOlder();
    if (options.parent() != null) {
      scope.mayInitialize(options.parent());
    }
    return scope;
  }

  /** What the scopes around this one hold now in fields is older than what this one makes. */
  public void recordOlder() {
    Scope outer = options.parent();
    if (outer != null) {
      watched.recordOlder(outer.instances(), outer.classes());
      if (!baseline.executors().complete()) {
        watched.recordPools(outer.instances(), outer.classes());
      }
      watched.recordTimers(OlderTimers.of(this, shared));
    }
  }

  /** The same span, watched objects included, with other options. */
  public Scope with(ScopeOptions other) {
    if (births != null) {
      births.name(other.name());
      Scope around = other.parent();
      if (around != null && around.births != null) {
        births.within(around.births);
      }
    }
    boolean hasParent = options.parent() != null;
    Scope scope =
        new Scope(
            shared,
            other,
            baseline,
            births,
            memories,
            watched.copy(hasParent),
            openedBy,
            openedMillis);
    if (!hasParent) {
      scope.recordOlder();
    }
    return scope;
  }

  /** Makes the scope answer for what an object's fields hold more than now. */
  public void watch(Object owner) {
    synchronized (watched) { // whoever checks meanwhile sees all of it or nothing
      if (watched.add(owner)) {
        watched.recordQueueSizes(List.of(owner), List.of());
        watched.recordLocks(List.of(owner), List.of(), isOpenedHere());
      }
    }
  }

  /**
   * Makes the scope answer for what the static fields that a class itself declares hold more than
   * now. Those of a class that is not initialised hold nothing yet.
   */
  public void watchStatics(Class<?> owner) {
    synchronized (watched) {
      shared.constants().leaveToScopes(owner);
      if (Watched.isWithoutStatics(owner) || !watched.add(owner)) {
        return;
      }
      if (!Initialized.is(owner)) {
        asleep.add(owner);
        if (births != null) {
          births.awaitInitializer(owner.getName());
        }
      }
      watched.recordQueueSizes(List.of(), List.of(owner));
      watched.recordLocks(List.of(), List.of(owner), isOpenedHere());
    }
  }

  /** The classes that this scope and those around it watch and that are not initialised. */
  public Set<Class<?>> asleep() {
    Set<Class<?>> all = new HashSet<>();
    for (Scope scope = this; scope != null; scope = scope.parent()) {
      if (!scope.asleep.isEmpty()) {
        scope.asleep.removeIf(Initialized::is);
        all.addAll(scope.asleep);
      }
    }
    return all;
  }

  /**
   * Within this scope classes may be initialised that another one, or one around that, watches:
   * what their initialisers make is for the other to answer for.
   */
  public void mayInitialize(Scope around) {
    asleepAround.addAll(around.asleep());
  }

  /**
   * An object was built in this scope, whose class others may watch.
   *
   * @return the classes that were initialised meanwhile; each is told once
   */
  public List<Class<?>> initializedBy(Object built) {
    Initialized.hasInstance(built.getClass());
    for (Scope scope = this; scope != null; scope = scope.parent()) {
      scope.noteInitialized(built.getClass());
    }
    List<Class<?>> awake = new ArrayList<>(asleepAround);
    awake.removeIf(type -> !Initialized.is(type));
    asleepAround.clear();
    // What their initialisers put into queues is what these begin with.
    for (Scope scope = this; scope != null && !awake.isEmpty(); scope = scope.parent()) {
      scope.recordQueueSizes(awake);
    }
    return awake;
  }

  private void recordQueueSizes(List<Class<?>> statics) {
    synchronized (watched) {
      List<Class<?>> own = new ArrayList<>(watched.classes());
      own.retainAll(statics);
      watched.recordQueueSizes(List.of(), own);
    }
  }

  private void noteInitialized(Class<?> type) {
    BirthScope record = births;
    for (Class<?> known = type; record != null && known != null; known = known.getSuperclass()) {
      record.initialized(known.getName());
    }
  }

  /** Some of what was made until now is not this scope's. */
  public void rebase(Baseline other) {
    baseline = other;
  }

  /**
   * Looks again at the locks that watched objects lead to, where it is not recorded who made any.
   */
  public void rewatch() {
    if (!seesLocksMade()) {
      watched.recordLocks(instances(), List.of(), isOpenedHere());
    }
  }

  /** A time in which the current thread works for a scope. */
  public interface Entry extends AutoCloseable {
    /** Ends it, on the thread that began it. */
    @Override
    void close();
  }

  /**
   * The current thread works for this scope until the entry is closed, as far as that is recorded.
   */
  public Entry enter() {
    BirthScope scope = births;
    if (scope == null) {
      return () -> {};
    }
    shared.births().enter(scope);
    return () -> shared.births().leave(scope);
  }

  /** Code runs at the same time that enters no scope. */
  public void besideOthers() {
    if (births != null) {
      births.besideOthers();
    }
  }

  /** What is left of it is for the scope around it to answer for. Further calls do nothing. */
  public void end() {
    memories.end();
    LocksMade.leaveToOuter(this, shared);
    if (births != null) {
      shared.births().close(births);
    }
  }

  /** It turned out that nothing was to run in it: nobody answers for what is left of it. */
  public void abandon() {
    memories.end();
    LocksMade.leaveToOuter(this, shared);
    if (births != null) {
      shared.births().abandon(births);
    }
  }

  /** Forgets what watched things held: nobody will ask again. */
  public void forget() {
    watched.forget();
  }

  /** The code of the scope has returned. */
  public void returned() {
    hasReturned = true;
  }

  /** Whether no local variable of the scope's code can hold anything any more. */
  public boolean hasReturned() {
    return hasReturned || options.isByEntry();
  }

  /** How it is checked. */
  public ScopeOptions options() {
    return options;
  }

  /** When it was opened, in ms since 1970: a test may mock the classes of times. */
  public long openedMillis() {
    return openedMillis;
  }

  /** Tells scopes apart without holding them. */
  public long number() {
    return number;
  }

  /** What an agent records in it, or null if there is none. */
  public @Nullable BirthScope births() {
    return births;
  }

  /** What inspectors remember of it. */
  public Memories memories() {
    return memories;
  }

  /** What it opened with. */
  public Baseline baseline() {
    return baseline;
  }

  /** The scope around it, or null. */
  public @Nullable Scope parent() {
    return options.parent();
  }

  /** The watched objects that are still there. */
  public List<Object> instances() {
    return watched.instances();
  }

  /** What it answers for. */
  public Watched watched() {
    return watched;
  }

  /** The classes whose static fields are watched. */
  public List<Class<?>> classes() {
    return watched.classes();
  }

  /** Whether it answers for what a class makes while it is initialised. */
  public boolean watchesStatics(String className) {
    return classes().stream().anyMatch(type -> type.getName().equals(className));
  }

  /** Whether one around it does. */
  public boolean isInStaticsWatcher(String className) {
    for (Scope outer = parent(); outer != null; outer = outer.parent()) {
      if (outer.watchesStatics(className)) {
        return true;
      }
    }
    return false;
  }

  /** How much a queue held when the scope opened, or when it was tracked. */
  public int sizeAtOpen(BlockingQueue<?> queue) {
    Integer size = watched.sizeOf(queue);
    return size == null ? shared.tracked().sizeWhenTracked(queue) : size;
  }

  /** The queues that fields of the watched things hold themselves, with what is in them now. */
  public Map<BlockingQueue<?>, Integer> queues() {
    return Watched.queuesHeldBy(instances(), classes());
  }

  /** How a lock was held when the scope opened. */
  public LockProbe.Held heldAtOpen(Object lock) {
    return watched.heldAtOpen(lock);
  }

  /** Whether the current thread is the one that opened the scope. */
  public boolean isOpenedHere() {
    return openedBy == LiveThreads.id(Thread.currentThread());
  }

  /** Whether an agent saw such a thing being made in it. */
  public <B extends Birth> boolean hasMade(Class<B> type, Predicate<B> wanted) {
    return births != null && !shared.births().in(births, type, wanted).isEmpty();
  }

  /**
   * Whether it is certain that a lock was not held when the scope opened, or not more than is
   * known. Without an agent one that nothing led to then is taken for a new one.
   */
  public boolean knows(Object lock) {
    return births == null
        || !seesLocksMade()
        || watched.knew(lock)
        || shared.births().isIn(lock, births);
  }

  private boolean seesLocksMade() {
    return births != null && shared.births().records(Part.LOCKS);
  }

  /** Whether a field of others' held an object when this scope opened. */
  public boolean isOlder(Object held) {
    return watched.isOlder(held);
  }
}
