package dev.leakcheck;

import dev.leakcheck.growth.Repetitions;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Snapshot;
import dev.leakcheck.report.ReportEntry.Level;
import dev.leakcheck.report.TextReport;
import dev.leakcheck.wiring.ThisJvm;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Finds threads, virtual threads, executors and blocking queues that were left behind.
 *
 * <pre>{@code
 * LeakCheck.assertNoLeaks(() -> service.run());
 * }</pre>
 *
 * <p>All methods are thread-safe. Leaks are told apart by when they were made, so code that other
 * threads run at the same time is part of what is checked.
 */
public final class LeakCheck {

  private static @Nullable LeakScope process;

  private LeakCheck() {}

  /** Code to check, which may throw anything. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs the code.
     *
     * @throws Throwable whatever the code throws
     */
    void run() throws Throwable;
  }

  /**
   * Checks what was left behind since the process baseline: the last {@link #rebaseline()}, or the
   * first call of this method. The first call without a baseline checks nothing, takes the baseline
   * and logs a warning that says so.
   *
   * @throws LeakAssertionError if something was left behind
   * @throws IllegalArgumentException if a {@code leakcheck.*} system property is bad
   */
  public static void assertNoLeaks() {
    LeakScope scope;
    synchronized (LeakCheck.class) {
      scope = process;
      if (scope == null) {
        rebaseline();
        LoggerFactory.getLogger(LeakCheck.class)
            .warn(
                "LeakCheck.assertNoLeaks() checked nothing: there was no baseline. It was taken now;"
                    + " call LeakCheck.rebaseline() before the code that is to be checked.");
        return;
      }
    }
    // As a scope of its own: a leak that one call reported does not fail the next.
    LeakScope check = scope.again();
    require(recorded(check, check.findingsAtEnd()));
  }

  /**
   * Runs code and checks what it left behind. If the code throws, that is thrown, and what it left
   * behind is attached to it as suppressed.
   *
   * @param body the code
   * @throws LeakAssertionError if something was left behind
   * @throws IllegalArgumentException if a {@code leakcheck.*} system property is bad
   */
  public static void assertNoLeaks(Body body) {
    assertNoLeaks(LeakCheckOptions.defaults().named("the checked block"), body);
  }

  /**
   * Runs code and checks what it left behind, with options.
   *
   * @param options how to check
   * @param body the code
   * @throws LeakAssertionError if something was left behind
   */
  public static void assertNoLeaks(LeakCheckOptions options, Body body) {
    Objects.requireNonNull(body, "body");
    LeakScope scope = open(options);
    try {
      body.run();
    } catch (Throwable failure) {
      scope.endDeadline().ifPresent(failure::addSuppressed);
      Findings findings = findingsAfter(scope);
      if (!findings.isEmpty()) {
        failure.addSuppressed(new LeakAssertionError(findings));
      }
      throw LeakCheck.<RuntimeException>unchecked(failure);
    }
    Optional<Throwable> hang = scope.endDeadline();
    try {
      require(findingsAfter(scope));
    } catch (LeakAssertionError error) {
      hang.ifPresent(error::addSuppressed);
      throw error;
    }
  }

  /**
   * Runs code again and again, and fails if threads, virtual threads, executors or the elements of
   * blocking queues grow with the repetitions. What is left once, or fills up and stays, is not
   * growth: {@link #assertNoLeaks(Body)} tells of that.
   *
   * <p>The code runs on this thread, twice to warm up and then as often as it is to be measured.
   * What it throws is thrown as it is, and ends the repetitions without a verdict.
   *
   * @param repetitions how often it runs and is measured, 5 to 100,000; see {@link
   *     GrowthOptions#of(int)} for what is found with how many
   * @param body the code
   * @throws LeakAssertionError if something grows
   * @throws IllegalArgumentException if the number is out of range, or if a {@code leakcheck.*}
   *     system property is bad
   */
  public static void assertNoGrowth(int repetitions, Body body) {
    assertNoGrowth(GrowthOptions.of(repetitions), body);
  }

  /**
   * Runs code again and again, and fails if something grows, with options.
   *
   * @param options how to repeat and what to measure
   * @param body the code
   * @throws LeakAssertionError if something grows
   */
  public static void assertNoGrowth(GrowthOptions options, Body body) {
    long opened = System.currentTimeMillis();
    try {
      Findings findings = growth(options, body);
      options.plan().check().report().checked(opened, findings, Level.CODE, null, null);
      require(findings);
    } catch (Throwable failure) {
      throw LeakCheck.<RuntimeException>unchecked(failure);
    }
  }

  /**
   * Runs code again and again and tells what grows, without failing. What it finds counts as
   * reported: the scopes around it leave it alone.
   *
   * @param options how to repeat and what to measure
   * @param body the code
   * @return what grows; each finding is of the kind {@code GROWTH}
   * @throws Throwable what the code throws
   */
  public static Findings growth(GrowthOptions options, Body body) throws Throwable {
    return Repetitions.run(
        ThisJvm.engine(),
        Objects.requireNonNull(options, "options").plan(),
        Objects.requireNonNull(body, "body")::run);
  }

  private static Findings findingsAfter(LeakScope scope) {
    try {
      return recorded(scope, scope.findingsAfterReturn());
    } finally {
      scope.end();
    }
  }

  private static Findings recorded(LeakScope scope, Findings findings) {
    scope.record(findings);
    return findings;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T unchecked(Throwable failure) throws T {
    throw (T) failure;
  }

  private static void require(Findings findings) {
    if (!findings.isEmpty()) {
      throw new LeakAssertionError(findings);
    }
    logKnown(findings);
  }

  /** Says which leaks did not fail, since the baseline accepts them. */
  static void logKnown(Findings findings) {
    List<String> known = TextReport.known(findings);
    if (!known.isEmpty()) {
      LoggerFactory.getLogger(LeakCheck.class)
          .info("LeakCheck: {}: {}", findings.scope(), String.join("\n", known));
    }
  }

  /** Takes what is alive now as the process baseline of {@link #assertNoLeaks()}. */
  public static void rebaseline() {
    LeakScope scope =
        LeakScope.ofProcess(
            ThisJvm.engine()
                .openForAll(LeakCheckOptions.defaults().named("this process").options()));
    LeakScope before;
    synchronized (LeakCheck.class) {
      before = process;
      process = scope;
    }
    if (before != null) {
      before.end();
    }
  }

  /**
   * Opens a scope with the default options.
   *
   * @return the scope; close it to check it
   * @throws IllegalArgumentException if a {@code leakcheck.*} system property is bad
   */
  public static LeakScope open() {
    return open(LeakCheckOptions.defaults());
  }

  /**
   * Opens a scope.
   *
   * @param options how to check
   * @return the scope; close it to check it
   */
  public static LeakScope open(LeakCheckOptions options) {
    return LeakScope.of(
        ThisJvm.engine().open(Objects.requireNonNull(options, "options").options()));
  }

  /**
   * Looks at all that is alive now. Costs milliseconds, more with many threads.
   *
   * @return the snapshot
   */
  public static Snapshot snapshot() {
    return ThisJvm.engine().snapshot();
  }

  /**
   * Tells LeakCheck of a queue that no field of a watched object holds. The scopes that are open
   * check that it does not hold more when they close than now. The queue is held weakly.
   *
   * @param <Q> the queue's type
   * @param queue the queue
   * @return the queue
   */
  public static <Q extends BlockingQueue<?>> Q track(Q queue) {
    ThisJvm.engine().shared().tracked().add(Objects.requireNonNull(queue, "queue"));
    return queue;
  }

  /**
   * Tells LeakCheck of an executor that no field of a watched object holds. The scopes that are
   * open check that it is shut down when they close. The executor is held weakly.
   *
   * @param <E> the executor's type
   * @param executor the executor
   * @return the executor
   */
  public static <E extends ExecutorService> E track(E executor) {
    ThisJvm.engine().shared().tracked().add(Objects.requireNonNull(executor, "executor"));
    return executor;
  }
}
