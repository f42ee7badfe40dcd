package dev.leakcheck.hang;

import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.scope.Scope;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Has somebody look, some time later, at what hangs in a scope. One per engine. Thread-safe. */
public final class Hangs {

  private final Engine engine;
  private final Watchdog watchdog;

  /** Of an engine. */
  public Hangs(Engine engine) {
    this.engine = engine;
    this.watchdog = new Watchdog(engine.shared().counter());
  }

  /**
   * Looks for a deadlock, or else at what the threads are doing, when a scope's deadline is past.
   *
   * @return null if it has none
   */
  public @Nullable HangWatch ofDeadline(Scope scope) {
    Duration deadline = scope.options().deadline();
    return deadline == null
        ? null
        : new HangWatch(
            engine, watchdog, scope, scope.options().name(), deadline, false, () -> false);
  }

  /**
   * Says nothing unless there is a deadlock.
   *
   * @param name what runs, for the message
   * @param overlapped whether only what the current thread is stuck in counts
   */
  public HangWatch ofDeadlocks(
      Scope scope, String name, Duration after, BooleanSupplier overlapped) {
    return new HangWatch(engine, watchdog, scope, name, after, true, overlapped);
  }
}
