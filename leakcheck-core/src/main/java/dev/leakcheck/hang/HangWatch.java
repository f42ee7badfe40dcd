package dev.leakcheck.hang;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.waits.Deadlocks;
import dev.leakcheck.capture.waits.Deadlocks.Cycle;
import dev.leakcheck.classify.Classifier;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.Suspicion;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.inspect.DeadlockInspector;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks, on the watchdog's thread, at what a scope's threads are stuck in while the scope is open.
 * Thread-safe.
 */
public final class HangWatch {

  private static final Coverage UNWATCHED =
      Coverage.limitedBy(
          Coverage.Limit.NO_THREAD,
          "whether it hangs was not looked at: the system had no room for a thread that looks");

  private final Engine engine;
  private final Scope scope;
  private final String name;
  private final long begun = System.nanoTime();
  private final BooleanSupplier overlapped;
  private final Thread watched = Thread.currentThread();
  private final Watchdog watchdog;
  private final Watchdog.Alarm alarm;

  private final Object looking = new Object();

  private boolean over;
  private @Nullable Hang seen;

  HangWatch(
      Engine engine,
      Watchdog watchdog,
      Scope scope,
      String name,
      Duration after,
      boolean deadlocksOnly,
      BooleanSupplier overlapped) {
    this.engine = engine;
    this.scope = scope;
    this.name = name;
    this.overlapped = overlapped;
    this.watchdog = watchdog;
    this.alarm = watchdog.after(after, () -> look(after, deadlocksOnly));
    if (alarm.isUnwatched()) {
      scope.memories().limitedBy(UNWATCHED);
    }
  }

  /** Calls it off, or does nothing if it has looked already. */
  public void close() {
    synchronized (this) {
      over = true;
    }
    watchdog.callOff(alarm);
  }

  /** What was seen; empty if it has not looked, or has seen nothing. */
  public synchronized Optional<Throwable> seen() {
    return Optional.ofNullable(seen);
  }

  /**
   * Looks at once, on the current thread, unless it was seen already what hangs: if there is no
   * deadlock, at what the threads are doing.
   */
  public void lookNow() {
    look(Duration.ofNanos(System.nanoTime() - begun), false);
  }

  private synchronized boolean isOver() {
    return over || seen != null;
  }

  private void look(Duration after, boolean deadlocksOnly) {
    synchronized (looking) { // whoever interrupts afterwards waits until it is told
      if (!isOver()) {
        lookAndTell(after, deadlocksOnly);
      }
    }
  }

  private void lookAndTell(Duration after, boolean deadlocksOnly) {
    Suspicion suspicion = new Suspicion(engine, scope, false);
    List<Symptom> deadlocks = deadlocks(suspicion);
    if (deadlocks.isEmpty() && deadlocksOnly) {
      return;
    }
    List<Finding> findings = Classifier.classify(Evidence.of(deadlocks));
    List<Fact> facts = deadlocks.isEmpty() ? doing(suspicion) : List.of();
    Hang hang = new Hang(TextReport.hang(name, after, findings, facts));
    synchronized (this) {
      if (over) {
        return;
      }
      seen = hang;
    }
    LoudLog.hang(String.valueOf(hang.getMessage()));
  }

  /** Those that the watched thread is stuck in, or that threads of the scope are part of. */
  private List<Symptom> deadlocks(Suspicion suspicion) {
    long id = LiveThreads.id(watched);
    Supplier<List<Cycle>> look =
        DeadlockInspector.look(
            engine.shared().dumper(), suspicion.suspects().mayHoldVirtualLocks(watched));
    List<Cycle> seen =
        look.get().stream()
            .filter(
                cycle ->
                    DeadlockInspector.symptom(cycle).threads().contains(id)
                        || (isAlone()
                            && cycle.threads().stream()
                                .anyMatch(suspicion.newcomers()::isMadeHere)))
            .toList();
    return Deadlocks.verified(seen, look).stream()
        .<Symptom>map(DeadlockInspector::symptom)
        .toList();
  }

  /** Whether the scope's threads can be told from those of others. */
  private boolean isAlone() {
    return engine.isExact(scope) || !overlapped.getAsBoolean();
  }

  private List<Fact> doing(Suspicion suspicion) {
    List<ThreadRecord> own = LiveThreads.describe(List.of(watched));
    List<Thread> made =
        new ArrayList<>(isAlone() ? suspicion.suspects().doing() : List.<Thread>of());
    made.remove(watched);
    return Classifier.doing(own, LiveThreads.describe(made));
  }
}
