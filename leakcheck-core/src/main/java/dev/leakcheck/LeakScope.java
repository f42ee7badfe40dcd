package dev.leakcheck;

import dev.leakcheck.capture.objects.LockProbe;
import dev.leakcheck.capture.objects.LockWalk;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.Inspectors;
import dev.leakcheck.engine.scope.Baseline;
import dev.leakcheck.engine.tier.ProcessPause;
import dev.leakcheck.engine.tier.ScopePause;
import dev.leakcheck.hang.HangWatch;
import dev.leakcheck.integration.RunReport;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.ReportEntry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The span between a baseline and a check. What it opened with is never its leak.
 *
 * <pre>{@code
 * try (LeakScope scope = LeakCheck.open()) {
 *   service.run();
 * } // throws LeakAssertionError if something was left behind
 * }</pre>
 *
 * <p>Thread-safe. Scopes may nest and may overlap, but without an agent nobody can tell which of
 * two overlapping scopes a thread belongs to: the one that is checked first reports it. With an
 * agent a thing belongs to the scope that was opened last on the thread that makes it, or on the
 * thread that started that thread, and so on.
 */
public final class LeakScope implements AutoCloseable {

  private static final AtomicLong NUMBERS = new AtomicLong();

  private final long number = NUMBERS.incrementAndGet();
  private final long openedMillis;
  private final Engine engine;
  private final LeakCheckOptions options;
  private final Baseline baseline;
  private final @Nullable BirthScope births;
  private final Inspectors inspectors;
  private final List<WeakReference<Object>> instances = new ArrayList<>();
  private final List<Class<?>> classes = new ArrayList<>();
  private final Map<Object, Integer> queueSizes = new IdentityHashMap<>();
  private final Map<Object, LockProbe.Held> locks = new IdentityHashMap<>();
  private final Map<Object, Boolean> olderOutside = new IdentityHashMap<>();
  private long openedBy = LiveThreads.id(Thread.currentThread());
  private volatile boolean hasReturned;
  private @Nullable Watch deadline;
  private boolean closed;

  private LeakScope(
      Engine engine,
      LeakCheckOptions options,
      Baseline baseline,
      @Nullable BirthScope births,
      Inspectors inspectors,
      long openedMillis) {
    this.engine = engine;
    this.options = options;
    this.baseline = baseline;
    this.births = births;
    this.inspectors = inspectors;
    this.openedMillis = openedMillis;
  }

  public static LeakScope open(
      Engine engine, LeakCheckOptions options, Baseline baseline, @Nullable BirthScope births) {
    LeakScope scope =
        new LeakScope(
            engine,
            options,
            baseline,
            births,
            Inspectors.opening(options, births),
            System.currentTimeMillis());
    scope.recordOlder();
    Duration deadline = options.deadline();
    if (deadline != null) {
      scope.deadline = HangWatch.ofAll(engine, scope, deadline);
    }
    return scope;
  }

  /** Remembers what fields of the outer scope's owners hold: it is older than this scope. */
  private void recordOlder() {
    LeakScope outer = options.parent();
    if (outer != null) {
      ObjectGraph.direct(outer.instances(), outer.classes())
          .forEach(
              held -> {
                olderOutside.put(held.object(), true);
                if (held.object() instanceof ExecutorService executor) {
                  olderOutside.put(WorkerExecutors.jvm().unwrap(executor), true);
                }
              });
    }
  }

  /**
   * Makes the scope answer for what an object's fields hold: executors that are not shut down,
   * blocking queues that hold more than now, and locks that are held more than now. The object
   * itself is held weakly.
   *
   * @param owner such as a test instance
   * @return this scope
   */
  public synchronized LeakScope watch(Object owner) {
    if (instances.stream().noneMatch(known -> known.refersTo(owner))) {
      instances.add(new WeakReference<>(owner));
      recordQueueSizes(List.of(owner), List.of());
      recordLocks(List.of(owner), List.of());
    }
    return this;
  }

  /**
   * Makes the scope answer for what the static fields that a class itself declares hold.
   *
   * @param owner such as a test class
   * @return this scope
   */
  public synchronized LeakScope watchStatics(Class<?> owner) {
    if (!classes.contains(owner)) {
      classes.add(owner);
      // To read the fields initialises the class: what that makes is this scope's.
      Entry entry = enter();
      try {
        recordQueueSizes(List.of(), List.of(owner));
        recordLocks(List.of(), List.of(owner));
      } finally {
        entry.close();
      }
    }
    return this;
  }

  /**
   * Looks again at what the watched objects lead to. A lock that nothing led to before, and that is
   * held now, is somebody else's: nobody can tell whether it was held when the scope opened. For
   * test framework integrations, before a test's own code begins.
   *
   * @return this scope
   */
  public synchronized LeakScope rewatch() {
    if (!seesLocksMade()) {
      recordLocks(instances(), List.of());
    }
    return this;
  }

  private void recordQueueSizes(List<Object> owners, List<Class<?>> statics) {
    engine
        .queuesHeldBy(owners, statics)
        .forEach((queue, size) -> queueSizes.putIfAbsent(queue, size));
  }

  private void recordLocks(List<Object> owners, List<Class<?>> statics) {
    for (LockWalk.Found found : LockWalk.find(owners, statics)) {
      LockProbe.Held held = LockProbe.held(found.lock());
      locks.putIfAbsent(
          found.lock(),
          held == LockProbe.Held.FREE || isOpenedHere() ? held : LockProbe.Held.BY_ANYBODY);
    }
  }

  /** A time in which what is made belongs to no scope. */
  public interface Pause extends AutoCloseable {
    /** Ends the pause. A second call does nothing. */
    @Override
    void close();
  }

  /** Looks once, some time later, at what hangs. */
  public interface Watch extends AutoCloseable {
    /** Calls it off, or does nothing if it has looked already. */
    @Override
    void close();

    /**
     * What was seen, for a failure to be attached to as suppressed.
     *
     * @return empty if it has not looked, or has seen nothing
     */
    Optional<Throwable> seen();
  }

  /** A time in which the current thread works for a scope. */
  public interface Entry extends AutoCloseable {
    /** Ends it, on the thread that began it. */
    @Override
    void close();
  }

  /**
   * The current thread works for this scope until the entry is closed: what it makes, and what is
   * made by threads that it starts, is this scope's, as far as an agent records it. Without an
   * agent this does nothing.
   *
   * @return the entry
   */
  public Entry enter() {
    BirthScope scope = births;
    if (scope == null) {
      return () -> {};
    }
    engine.births().enter(scope);
    return () -> engine.births().leave(scope);
  }

  /**
   * Whether an agent tells what this scope's own threads make from what others make at the same
   * time, so that scopes may overlap.
   *
   * @return false if things are told apart by time only
   */
  public boolean isExact() {
    return births != null && engine.isExact();
  }

  /**
   * Says that code runs at the same time as this scope's which enters no scope, such as tests that
   * are not checked. What is made by threads that entered no scope themselves, nor were started by
   * one that did, is then this scope's, with a note that it may be others'. Only where the scope
   * {@linkplain #isExact() is exact}; otherwise this does nothing. For test framework integrations.
   *
   * @return this scope
   */
  public LeakScope besideOthers() {
    if (births != null) {
      births.besideOthers();
    }
    return this;
  }

  /**
   * Has somebody look, some time later, whether the current thread or threads of this scope are in
   * a deadlock. If so, it is logged at once as {@link LeakCheckOptions#deadline} says. For test
   * framework integrations, which know how long the current thread's code may take.
   *
   * @param name what runs, for the message
   * @param after the time from now
   * @param overlapped whether other code runs at the same time, whose threads cannot be told from
   *     this scope's: only what the current thread is stuck in counts then
   * @return the watch, to be closed when that code has ended
   */
  public Watch watchForDeadlock(String name, Duration after, BooleanSupplier overlapped) {
    return HangWatch.ofDeadlocks(engine, this, name, after, overlapped);
  }

  /** Called off, and what it saw; empty if there is no deadline or it was kept. */
  public Optional<Throwable> endDeadline() {
    Watch watch = deadline;
    if (watch == null) {
      return Optional.empty();
    }
    watch.close();
    return watch.seen();
  }

  /**
   * Ends the scope without checking it. What is left of it is for the scope around it to answer
   * for. Further calls do nothing.
   */
  public void end() {
    endDeadline();
    if (births != null) {
      engine.births().close(births);
    }
  }

  /**
   * Pauses every scope of the JVM: threads and executors that are made until the pause is closed
   * belong to none. What the watched objects' fields hold already stays this scope's. For test
   * framework integrations, around code that is neither the test's nor its fixture's. Where an
   * agent tells who made everything, no pause is needed, and this does nothing.
   *
   * @return the pause
   */
  public Pause pause() {
    if (!isExact()) {
      return new ScopePause(engine, this);
    }
    return engine.tellsProcesses() ? () -> {} : new ProcessPause(engine);
  }

  /**
   * Checks the scope without failing and without closing it. Waits as long as something that could
   * still end is alive, at most the settle time. What it finds counts as reported: other scopes
   * leave it alone; this one, asked again or closed, still tells of it while it is there.
   *
   * @return what was left behind
   */
  public Findings findings() {
    return engine.check(this, false);
  }

  /** The same, where the code of the scope has returned, so that none of its variables is left. */
  Findings findingsAfterReturn() {
    returned();
    return findings();
  }

  /** The code of the scope has returned. */
  public void returned() {
    hasReturned = true;
  }

  /** Whether no local variable of the scope's code can hold anything any more. */
  public boolean hasReturned() {
    return hasReturned || options.isByEntry();
  }

  /**
   * Checks the scope as {@link #findings()} does, unless other code turns out to run at the same
   * time, whose threads cannot be told from this scope's. For test framework integrations.
   *
   * @param overlapped whether such code has begun; it has to say so before that code runs, since it
   *     is asked while the check waits and once more when everything was gathered
   * @return what was left behind; empty if the check was given up, and then nothing counts as
   *     reported
   */
  public Optional<Findings> findingsUnless(BooleanSupplier overlapped) {
    return engine.check(this, false, Objects.requireNonNull(overlapped, "overlapped"));
  }

  /**
   * Checks only the executors and queues that fields of the watched objects themselves hold. This
   * is right even while other code runs at the same time, whose threads cannot be told from this
   * scope's. What it finds counts as reported, as for {@link #findings()}.
   *
   * @return what was left behind in fields
   */
  public Findings findingsInFields() {
    return engine.check(this, true);
  }

  /**
   * The same span, watched objects included, with other options. What this scope reported is
   * another scope's for the new one.
   *
   * @param other the options
   * @return a scope with this one's baseline
   */
  public synchronized LeakScope with(LeakCheckOptions other) {
    LeakScope scope = new LeakScope(engine, other, baseline, births, inspectors, openedMillis);
    if (births != null) {
      births.name(other.name());
      LeakScope around = other.parent();
      if (around != null && around.births != null) {
        births.within(around.births);
      }
    }
    scope.instances.addAll(instances);
    scope.classes.addAll(classes);
    scope.queueSizes.putAll(queueSizes);
    scope.locks.putAll(locks);
    scope.openedBy = openedBy;
    if (options.parent() == null) {
      scope.recordOlder();
    } else {
      scope.olderOutside.putAll(olderOutside);
    }
    return scope;
  }

  /**
   * Checks the scope. A second call does nothing.
   *
   * @throws LeakAssertionError if something was left behind
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    Optional<Throwable> hang = endDeadline();
    Findings findings;
    try {
      findings = findings();
    } finally {
      end();
    }
    synchronized (this) {
      queueSizes.clear();
      locks.clear();
      olderOutside.clear();
    }
    RunReport.checked(this, findings, ReportEntry.Level.CODE, null, null);
    if (!findings.isEmpty()) {
      LeakAssertionError error = new LeakAssertionError(findings);
      hang.ifPresent(error::addSuppressed);
      throw error;
    }
    LeakCheck.logKnown(findings);
  }

  /**
   * How the scope is checked.
   *
   * @return the options
   */
  public LeakCheckOptions options() {
    return options;
  }

  /** When it was opened. */
  public Instant opened() {
    return Instant.ofEpochMilli(openedMillis);
  }

  /** Tells scopes apart without holding them. */
  public long number() {
    return number;
  }

  /** What an agent recorded in it, or null if there is none. */
  public @Nullable BirthScope births() {
    return births;
  }

  /** What looks for all that is not simply left alive. */
  public Inspectors inspectors() {
    return inspectors;
  }

  public Baseline baseline() {
    return baseline;
  }

  public synchronized List<Object> instances() {
    List<Object> alive = new ArrayList<>();
    for (WeakReference<Object> instance : instances) {
      Object object = instance.get();
      if (object != null) {
        alive.add(object);
      }
    }
    return alive;
  }

  public synchronized List<Class<?>> classes() {
    return List.copyOf(classes);
  }

  /** Whether it answers for what a class makes while it is initialised. */
  public boolean watchesStatics(String className) {
    return classes().stream().anyMatch(type -> type.getName().equals(className));
  }

  public synchronized int sizeAtOpen(BlockingQueue<?> queue) {
    Integer size = queueSizes.get(queue);
    return size == null ? engine.sizeWhenTracked(queue) : size;
  }

  /** How a lock was held when the scope opened. */
  public synchronized LockProbe.Held heldAtOpen(Object lock) {
    return locks.getOrDefault(lock, LockProbe.Held.FREE);
  }

  /** Whether the current thread is the one that opened the scope. */
  public synchronized boolean isOpenedHere() {
    return openedBy == LiveThreads.id(Thread.currentThread());
  }

  /** Whether an agent saw such a thing being made in it. */
  public <B extends Birth> boolean hasMade(Class<B> type, Predicate<B> wanted) {
    return births != null && !engine.births().in(births, type, wanted).isEmpty();
  }

  /**
   * Whether it is certain that a lock was not held when the scope opened, or not more than is
   * known. Without an agent one that nothing led to then is taken for a new one.
   */
  public boolean knows(Object lock) {
    return births == null
        || !seesLocksMade()
        || knewAtOpen(lock)
        || engine.births().isIn(lock, births);
  }

  private boolean seesLocksMade() {
    return births != null && engine.births().records(Part.LOCKS);
  }

  /** Whether a lock could be reached when the scope opened. */
  private synchronized boolean knewAtOpen(Object lock) {
    return locks.containsKey(lock);
  }

  /** Whether a field of the outer scope's owners held an object when this scope opened. */
  public boolean isOlder(Object held) {
    return olderOutside.containsKey(held);
  }

  public @Nullable LeakScope parent() {
    return options.parent();
  }
}
