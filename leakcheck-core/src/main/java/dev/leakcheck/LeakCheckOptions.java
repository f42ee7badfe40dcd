package dev.leakcheck;

import dev.leakcheck.baseline.KnownLeaks;
import dev.leakcheck.integration.RunReport;
import dev.leakcheck.model.Allowance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a scope is checked. Immutable and thread-safe: each method returns a changed copy.
 *
 * <p>The defaults come from {@link LeakCheckSettings}, that is from system properties where they
 * are set.
 */
public final class LeakCheckOptions {

  private static final Duration LONGEST_SETTLE = Duration.ofHours(1);
  private static final Duration LONGEST_DEADLINE = Duration.ofDays(1);

  private final String name;
  private final Duration settle;
  private final List<Allowance> allowances;
  private final @Nullable LeakScope parent;
  private final boolean brief;
  private final boolean byEntry;
  private final boolean unattributed;
  private final LeakCheckSettings.Agent agent;
  private final Supplier<? extends Collection<?>> others;
  private final @Nullable Duration deadline;
  private final KnownLeaks known;
  private final RunReport report;

  private LeakCheckOptions(
      String name,
      Duration settle,
      List<Allowance> allowances,
      @Nullable LeakScope parent,
      boolean brief,
      boolean byEntry,
      boolean unattributed,
      LeakCheckSettings.Agent agent,
      Supplier<? extends Collection<?>> others,
      @Nullable Duration deadline,
      KnownLeaks known,
      RunReport report) {
    this.name = name;
    this.settle = settle;
    this.allowances = List.copyOf(allowances);
    this.parent = parent;
    this.brief = brief;
    this.byEntry = byEntry;
    this.unattributed = unattributed;
    this.agent = agent;
    this.others = others;
    this.deadline = deadline;
    this.known = known;
    this.report = report;
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
    return new LeakCheckOptions(
        "this scope",
        settings.settle(),
        List.of(),
        null,
        false,
        false,
        false,
        settings.agent(),
        List::of,
        null,
        BaselineSetting.leaks(settings),
        RunReport.of(settings));
  }

  /**
   * Names the scope as messages call it.
   *
   * @param name such as {@code OrderServiceTest.placesOrder()}
   * @return changed options
   */
  public LeakCheckOptions named(String name) {
    return new LeakCheckOptions(
        Objects.requireNonNull(name, "name"),
        settle,
        allowances,
        parent,
        brief,
        byEntry,
        unattributed,
        agent,
        others,
        deadline,
        known,
        report);
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
    if (settle.isNegative() || settle.compareTo(LONGEST_SETTLE) > 0) {
      throw new IllegalArgumentException("settle must be between 0 and 1 hour, but is " + settle);
    }
    return new LeakCheckOptions(
        name,
        settle,
        allowances,
        parent,
        brief,
        byEntry,
        unattributed,
        agent,
        others,
        deadline,
        known,
        report);
  }

  /**
   * Accepts leaks, besides those that are accepted already.
   *
   * @param allowance what is accepted and why
   * @return changed options
   */
  public LeakCheckOptions allow(Allowance allowance) {
    List<Allowance> more = new ArrayList<>(allowances);
    more.add(Objects.requireNonNull(allowance, "allowance"));
    return new LeakCheckOptions(
        name,
        settle,
        more,
        parent,
        brief,
        byEntry,
        unattributed,
        agent,
        others,
        deadline,
        known,
        report);
  }

  /**
   * Puts the scope inside another: what the outer scope's objects hold is for the outer scope to
   * answer for.
   *
   * @param outer the outer scope
   * @return changed options
   */
  public LeakCheckOptions within(LeakScope outer) {
    return new LeakCheckOptions(
        name,
        settle,
        allowances,
        Objects.requireNonNull(outer, "outer"),
        brief,
        byEntry,
        unattributed,
        agent,
        others,
        deadline,
        known,
        report);
  }

  /**
   * Makes the scope cost microseconds if it starts no thread: executors are listed neither when it
   * opens nor when it closes, unless threads are left. An executor without any thread is then found
   * only in a field of an object that the scope {@linkplain LeakScope#watch(Object) watches}. Meant
   * for a scope inside one that is not brief.
   *
   * @return changed options
   */
  public LeakCheckOptions brief() {
    return new LeakCheckOptions(
        name,
        settle,
        allowances,
        parent,
        true,
        byEntry,
        unattributed,
        agent,
        others,
        deadline,
        known,
        report);
  }

  /**
   * Leaves out what the thread that opens the scope does, except between {@link LeakScope#enter()}
   * and its end. For test framework integrations, whose threads run other code in between. Threads
   * can be told apart like that only where an agent records what they make; without one a scope
   * sees all that is made in its time.
   *
   * @return changed options
   */
  public LeakCheckOptions byEntry() {
    return new LeakCheckOptions(
        name,
        settle,
        allowances,
        parent,
        brief,
        true,
        unattributed,
        agent,
        others,
        deadline,
        known,
        report);
  }

  /**
   * Judges only what was made by threads that worked for several scopes at once, so that none of
   * these answers for it. For test framework integrations, on a scope around the others that
   * {@linkplain LeakScope#isExact() is exact}.
   *
   * @return changed options
   */
  public LeakCheckOptions unattributed() {
    return new LeakCheckOptions(
        name,
        settle,
        allowances,
        parent,
        brief,
        byEntry,
        true,
        agent,
        others,
        deadline,
        known,
        report);
  }

  /**
   * Leaves alone what somebody else's objects hold. For test framework integrations, which know of
   * more owners than the test.
   *
   * @param owners gives the objects; a {@code Class} among them stands for its static fields. Asked
   *     only when something is about to be accused
   * @return changed options
   */
  public LeakCheckOptions heldByOthers(Supplier<? extends Collection<?>> owners) {
    return new LeakCheckOptions(
        name,
        settle,
        allowances,
        parent,
        brief,
        byEntry,
        unattributed,
        agent,
        Objects.requireNonNull(owners, "owners"),
        deadline,
        known,
        report);
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
    return new LeakCheckOptions(
        name,
        settle,
        allowances,
        parent,
        brief,
        byEntry,
        unattributed,
        agent,
        others,
        deadline,
        known,
        report);
  }

  /** What repetitions leave is theirs, whoever holds it: only what came before is not. */
  LeakCheckOptions ofNobodyElse() {
    return new LeakCheckOptions(
        name, settle, allowances, null, false, false, false, agent, List::of, null, known, report);
  }

  public Collection<?> others() {
    return others.get();
  }

  public String name() {
    return name;
  }

  public Duration settle() {
    return settle;
  }

  @Nullable Duration deadline() {
    return deadline;
  }

  public List<Allowance> allowances() {
    return allowances;
  }

  /** Where checks are recorded. */
  public RunReport report() {
    return report;
  }

  /** Leaks that the baseline accepts. */
  public KnownLeaks known() {
    return known;
  }

  public @Nullable LeakScope parent() {
    return parent;
  }

  public boolean isBrief() {
    return brief;
  }

  public LeakCheckSettings.Agent agent() {
    return agent;
  }

  public boolean isByEntry() {
    return byEntry;
  }

  public boolean isUnattributed() {
    return unattributed;
  }
}
