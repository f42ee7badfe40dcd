package dev.leakcheck;

import dev.leakcheck.growth.GrowthPlan;
import java.util.List;
import java.util.Objects;

/**
 * How {@link LeakCheck#assertNoGrowth(GrowthOptions, LeakCheck.Body)} repeats a body and what it
 * measures. Immutable and thread-safe: each method returns a changed copy.
 */
public final class GrowthOptions {

  /** With fewer, what grows cannot be told from what happens once or twice. */
  private static final int FEWEST = 5;

  /** A third of these gives a median that one odd collection does not move. */
  private static final int FEWEST_FOR_HEAP = 9;

  private static final int MOST = 100_000;
  private static final int WARM_UP = 2;

  static {
    GrowthPlan.KEY.handOver(face -> ((GrowthOptions) face).plan);
  }

  private final GrowthPlan plan;

  private GrowthOptions(GrowthPlan plan) {
    this.plan = plan;
  }

  /**
   * A number of repetitions, after two that warm up, checked with the default options.
   *
   * @param repetitions how often the body runs and is measured, 5 to 100,000. What is left by every
   *     repetition is found with 5, by every second one with 8, by every third one with 12, by
   *     every fourth one with 16; what is left more rarely is not
   * @return the options
   * @throws IllegalArgumentException if the number is out of range, or if a {@code leakcheck.*}
   *     system property is bad
   */
  public static GrowthOptions of(int repetitions) {
    if (repetitions < FEWEST || repetitions > MOST) {
      throw new IllegalArgumentException(
          "repetitions must be between 5 and 100000, but is "
              + repetitions
              + ": with fewer than 5, growth cannot be told from what happens once");
    }
    return new GrowthOptions(
        new GrowthPlan(
            LeakCheckOptions.defaults().named("the repeated block").options(),
            repetitions,
            WARM_UP,
            GrowthPlan.NO_BOUND,
            List.of(),
            () -> false));
  }

  /**
   * Takes from the options of a scope the name that messages use, the settle time and the
   * allowances. Who holds what the repetitions leave makes no difference.
   *
   * @param options the options
   * @return changed options
   */
  public GrowthOptions with(LeakCheckOptions options) {
    Objects.requireNonNull(options, "options");
    return new GrowthOptions(plan.checked(options.options().alone()));
  }

  /**
   * Sets how often the body runs before anything is measured, so that pools and caches are there.
   *
   * @param times 0 to 100,000; 2 unless it is set
   * @return changed options
   * @throws IllegalArgumentException if the number is out of range
   */
  public GrowthOptions warmUp(int times) {
    if (times < 0 || times > MOST) {
      throw new IllegalArgumentException("warmUp must be between 0 and 100000, but is " + times);
    }
    return new GrowthOptions(plan.warmedUp(times));
  }

  /**
   * Measures the live heap as well, after a garbage collection with each repetition. That is the
   * heap of the whole JVM, whoever uses it, so the bound should be well above what other code that
   * runs at the same time may keep.
   *
   * @param bytesPerRepetition how many bytes may be kept with each repetition; not negative
   * @return changed options
   * @throws IllegalArgumentException if the bound is negative, or if there are fewer than 9
   *     repetitions
   */
  public GrowthOptions heap(long bytesPerRepetition) {
    if (bytesPerRepetition < 0) {
      throw new IllegalArgumentException(
          "heap must be 0 or more bytes per repetition, but is " + bytesPerRepetition);
    }
    if (plan.repetitions() < FEWEST_FOR_HEAP) {
      throw new IllegalArgumentException(
          "heap takes at least 9 repetitions, but there are "
              + plan.repetitions()
              + ": with fewer, growth cannot be told from the noise of collections");
    }
    return new GrowthOptions(plan.withHeap(bytesPerRepetition));
  }

  /**
   * Measures the blocking queues that an object's fields hold too, besides those that were
   * {@linkplain LeakCheck#track(java.util.concurrent.BlockingQueue) tracked}.
   *
   * @param owner such as a test instance
   * @return changed options
   */
  public GrowthOptions watch(Object owner) {
    return new GrowthOptions(plan.owning(Objects.requireNonNull(owner, "owner")));
  }

  /** What stands behind them. */
  GrowthPlan plan() {
    return plan;
  }
}
