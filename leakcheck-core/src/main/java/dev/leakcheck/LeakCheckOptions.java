package dev.leakcheck;

import dev.leakcheck.baseline.BaselineSetting;
import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.engine.scope.Key;
import dev.leakcheck.engine.scope.ProofUse;
import dev.leakcheck.engine.scope.ScopeOptions;
import dev.leakcheck.engine.scope.ScopeOptions.AgentUse;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.recorder.JvmReport;
import dev.leakcheck.wiring.ThisJvm;
import java.time.Duration;
import java.util.Objects;

/**
 * How a scope is checked. Immutable and thread-safe: each method returns a changed copy.
 *
 * <p>The defaults come from {@link LeakCheckSettings}, that is from system properties where they
 * are set.
 */
public final class LeakCheckOptions {

  private static final Duration LONGEST_DEADLINE = Duration.ofDays(1);

  static {
    Key.OPTIONS.handOver(face -> ((LeakCheckOptions) face).options);
  }

  private final ScopeOptions options;

  LeakCheckOptions(ScopeOptions options) {
    this.options = options;
  }

  /**
   * The defaults: settings from system properties, no allowance.
   *
   * @return the options
   * @throws IllegalArgumentException if a {@code leakcheck.*} system property is unknown or has a
   *     bad value, or names a baseline that can't be read
   */
  public static LeakCheckOptions defaults() {
    return of(LeakCheckSettings.fromSystemProperties());
  }

  /**
   * The defaults under given settings.
   *
   * @param settings the settings
   * @return the options
   * @throws IllegalArgumentException if they name a baseline and there is no such file, or if it is
   *     bad; never if the mode is {@code off}
   */
  public static LeakCheckOptions of(LeakCheckSettings settings) {
    boolean off = settings.mode() == LeakCheckSettings.Mode.OFF;
    String baseline = settings.baseline();
    return new LeakCheckOptions(
            ScopeOptions.of(
                "this scope",
                settings.settle(),
                AgentUse.valueOf(settings.agent().name()),
                new ProofUse(ProofUse.When.valueOf(settings.proof().name()), settings.proofHeap()),
                off || baseline == null
                    ? KnownLeaks.NONE
                    : BaselineSetting.leaks(LeakCheckSettings.BASELINE, baseline),
                off
                    ? JvmReport.NONE
                    : ThisJvm.report(LeakCheckSettings.REPORT_DIR, settings.reportDir())))
        .afterwards(settings.afterwards());
  }

  /**
   * Names the scope as messages call it.
   *
   * @param name such as {@code OrderServiceTest.placesOrder()}
   * @return changed options
   */
  public LeakCheckOptions named(String name) {
    return new LeakCheckOptions(options.named(name));
  }

  /**
   * Sets how long a check waits at the most for threads to end and for executors to be shut down.
   * It returns as soon as nothing is left to wait for.
   *
   * @param settle the time; zero to accuse at once
   * @return changed options
   * @throws IllegalArgumentException if it is negative or longer than an hour
   */
  public LeakCheckOptions settle(Duration settle) {
    return new LeakCheckOptions(options.settling(settle));
  }

  /**
   * Says what becomes of what the check at the end of the scope has told of. {@link
   * LeakScope#findings()} stops nothing: the scope goes on.
   *
   * @param afterwards whether it is stopped
   * @return changed options
   */
  public LeakCheckOptions afterwards(LeakCheckSettings.Afterwards afterwards) {
    boolean stopped = afterwards == LeakCheckSettings.Afterwards.STOP;
    return new LeakCheckOptions(options.with(change -> change.stopped = stopped));
  }

  /**
   * Accepts leaks, besides those that are accepted already.
   *
   * @param allowance what is accepted and why
   * @return changed options
   */
  public LeakCheckOptions allow(Allowance allowance) {
    return new LeakCheckOptions(options.allowing(allowance));
  }

  /**
   * Puts the scope inside another: what the outer scope's objects hold is for the outer scope to
   * answer for.
   *
   * @param outer the outer scope
   * @return changed options
   */
  public LeakCheckOptions within(LeakScope outer) {
    Objects.requireNonNull(outer, "outer");
    return new LeakCheckOptions(options.with(change -> change.parent = outer.scope()));
  }

  /**
   * Makes the scope cost microseconds if it starts no thread: executors are not listed when it
   * opens. One that is older and has had no thread so far is then taken for the scope's when it
   * gets its first. Meant for a scope inside one that is not brief.
   *
   * @return changed options
   */
  public LeakCheckOptions brief() {
    return new LeakCheckOptions(options.with(change -> change.brief = true));
  }

  /**
   * Has somebody look when a scope is still open after some time: if its threads wait for each
   * other, or else at what the thread that opened it, and the threads made since, are doing. What
   * is seen is logged at once as an error of {@code dev.leakcheck.hang}, or printed to {@code
   * System.err} where slf4j has no provider, so that it can be read while the code hangs. It is
   * attached as suppressed to the failure of {@link LeakCheck#assertNoLeaks(LeakCheckOptions,
   * LeakCheck.Body)} or of {@link LeakScope#close()}, if they fail. Nothing is interrupted, and
   * nothing fails for the deadline alone.
   *
   * @param deadline the time from the scope's opening
   * @return changed options
   * @throws IllegalArgumentException if it is not positive, or longer than a day
   */
  public LeakCheckOptions deadline(Duration deadline) {
    if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(LONGEST_DEADLINE) > 0) {
      throw new IllegalArgumentException(
          "deadline must be positive and at most a day, but is " + deadline);
    }
    return new LeakCheckOptions(options.with(change -> change.deadline = deadline));
  }

  /** What stands behind them. */
  ScopeOptions options() {
    return options;
  }
}
