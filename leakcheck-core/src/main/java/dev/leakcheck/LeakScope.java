package dev.leakcheck;

import dev.leakcheck.engine.Engine;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.hang.HangWatch;
import dev.leakcheck.model.Findings;
import dev.leakcheck.recorder.JvmReport;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.wiring.ThisJvm;
import java.util.Objects;
import java.util.Optional;
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

  private final Engine engine;
  private final Scope scope;
  private final @Nullable HangWatch deadline;
  private final JvmReport.Run unchecked;
  private boolean closed;

  private LeakScope(
      Engine engine, Scope scope, @Nullable HangWatch deadline, JvmReport.Run unchecked) {
    this.engine = engine;
    this.scope = scope;
    this.deadline = deadline;
    this.unchecked = unchecked;
  }

  /** The scope that was just opened, which has to be checked. */
  static LeakScope of(Scope scope) {
    return of(scope, JvmReport.expectCheck());
  }

  /** The scope that was just opened, which may never be checked. */
  static LeakScope ofProcess(Scope scope) {
    return of(scope, () -> {});
  }

  private static LeakScope of(Scope scope, JvmReport.Run unchecked) {
    return new LeakScope(ThisJvm.engine(), scope, ThisJvm.hangs().ofDeadline(scope), unchecked);
  }

  /** The same span as a scope of its own: what this one reported is another scope's for it. */
  LeakScope again() {
    return new LeakScope(engine, scope.with(scope.options()), null, () -> {});
  }

  /**
   * Makes the scope answer for what an object's fields hold: executors that are not shut down,
   * blocking queues that hold more than now, and locks that are held more than now. The object
   * itself is held weakly.
   *
   * @param owner such as a test instance
   * @return this scope
   */
  public LeakScope watch(Object owner) {
    scope.watch(Objects.requireNonNull(owner, "owner"));
    return this;
  }

  /**
   * Makes the scope answer for what the static fields that a class itself declares hold. The class
   * is not initialised by that: as long as nobody else does, they hold nothing.
   *
   * @param owner such as a test class
   * @return this scope
   */
  public LeakScope watchStatics(Class<?> owner) {
    scope.watchStatics(Objects.requireNonNull(owner, "owner"));
    return this;
  }

  /**
   * Checks the scope without failing and without closing it. Waits as long as something that could
   * still end is alive, at most the settle time. What it finds counts as reported: other scopes
   * leave it alone; this one, asked again or closed, still tells of it while it is there.
   *
   * @return what was left behind
   */
  public Findings findings() {
    Findings findings = engine.checkOnTheWay(scope);
    unchecked.close();
    return findings;
  }

  /** The same at the end of the scope: what is told is stopped, if the options say so. */
  Findings findingsAtEnd() {
    Findings findings = engine.check(scope);
    unchecked.close();
    return findings;
  }

  /** The same, where the code of the scope has returned, so that none of its variables is left. */
  Findings findingsAfterReturn() {
    scope.returned();
    return findingsAtEnd();
  }

  /** Called off, and what it saw; empty if there is no deadline or it was kept. */
  Optional<Throwable> endDeadline() {
    if (deadline == null) {
      return Optional.empty();
    }
    deadline.close();
    return deadline.seen();
  }

  /**
   * Ends the scope without checking it. What is left of it is for the scope around it to answer
   * for. Further calls do nothing.
   */
  public void end() {
    endDeadline();
    scope.end();
    unchecked.close();
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
      findings = findingsAtEnd();
    } finally {
      end();
    }
    scope.forget();
    record(findings);
    if (!findings.isEmpty()) {
      LeakAssertionError error = new LeakAssertionError(findings);
      hang.ifPresent(error::addSuppressed);
      throw error;
    }
    LeakCheck.logKnown(findings);
  }

  /** Puts a check into this JVM's report. */
  void record(Findings findings) {
    scope.options().report().checked(scope.openedMillis(), findings, Level.CODE, null, null);
  }

  /**
   * How the scope is checked.
   *
   * @return the options
   */
  public LeakCheckOptions options() {
    return new LeakCheckOptions(scope.options());
  }

  /** What stands behind it. */
  Scope scope() {
    return scope;
  }
}
