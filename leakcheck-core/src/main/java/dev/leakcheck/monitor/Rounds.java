package dev.leakcheck.monitor;

import dev.leakcheck.classify.Cohorts;
import dev.leakcheck.classify.Trend;
import dev.leakcheck.model.CohortTrend.Verdict;
import dev.leakcheck.model.Population;
import java.time.Duration;
import java.util.function.Supplier;

/** One sample after the other, each with what it tells beside those before. Not thread-safe. */
final class Rounds {

  /** How many times longer than sampling the pause after it is, at least. */
  private static final int COST_FACTOR = 50;

  private final Supplier<Population> sampler;
  private final Duration interval;
  private final Trend trend;

  Rounds(Supplier<Population> sampler, Duration interval, int rounds) {
    this.sampler = sampler;
    this.interval = interval;
    this.trend = new Trend(rounds, Cohorts.MOST);
  }

  /** Looks at the threads. What the sampler throws goes to the caller, and counts as no round. */
  MonitorSample next() {
    long start = System.nanoTime();
    Trend.Round round = trend.add(sampler.get());
    Duration cost = Duration.ofNanos(System.nanoTime() - start);
    return new MonitorSample(
        round.number(),
        round.population(),
        round.suspicious(Verdict.GROWING),
        round.suspicious(Verdict.UNCHANGED),
        round.changed().stream().filter(group -> group.cohort().benign() == null).toList(),
        round.platformGrows(),
        round.virtualGrows(),
        round.executorsGrow(),
        cost,
        pause(interval, cost));
  }

  /** How long to wait after a sample: the interval, or longer where samples are costly. */
  static Duration pause(Duration interval, Duration cost) {
    Duration bound = cost.multipliedBy(COST_FACTOR);
    return bound.compareTo(interval) > 0 ? bound : interval;
  }
}
