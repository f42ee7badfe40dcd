package dev.leakcheck.cli.watch;

import dev.leakcheck.classify.Cohorts;
import dev.leakcheck.classify.Trend;
import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.Population;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Samples a JVM's threads round after round, shows what becomes of their groups, and ends when the
 * time is over, a limit is crossed, the process ends or it is told to stop. Used by one thread; any
 * may stop it.
 */
public final class Watch {

  /** The next sample begins no sooner than this many times as long after one as that took. */
  private static final int COST_FACTOR = 5;

  /** The JVM that is watched. */
  public interface Target {
    /**
     * Looks at its threads.
     *
     * @return the threads by what they have in common
     * @throws BadInput if that can't be done
     */
    Population population();

    /**
     * Whether it is still there.
     *
     * @return false if the process has ended
     */
    boolean isAlive();

    /**
     * Where threads of a group were created.
     *
     * @param group the group
     * @return a line for each place, most threads first; empty if that is not known
     */
    default List<String> origins(Cohort group) {
      return List.of();
    }
  }

  /** Waits between samples. */
  interface Pause {
    /** Waits; false if it was stopped meanwhile. */
    boolean await(Duration time);
  }

  /**
   * How to watch.
   *
   * @param pid the process
   * @param every how long to wait between samples
   * @param duration how long to watch, or null for as long as it lives
   * @param rounds from how many samples something is told
   * @param limits what must not be exceeded
   * @param terminal whether to draw a table over and over, rather than print lines
   */
  public record Options(
      long pid,
      Duration every,
      @Nullable Duration duration,
      int rounds,
      Limits limits,
      boolean terminal) {}

  private final Options options;
  private final Target target;
  private final @Nullable WatchJson json;
  private final Pause pause;
  private final LongSupplier nanoTime;
  private final WatchScreen screen;
  private final Trend trend;

  Watch(
      Options options,
      Target target,
      PrintWriter out,
      @Nullable WatchJson json,
      Pause pause,
      LongSupplier nanoTime) {
    this.options = options;
    this.target = target;
    this.json = json;
    this.pause = pause;
    this.nanoTime = nanoTime;
    this.screen = new WatchScreen(options, out, new WatchText(target::origins));
    this.trend = new Trend(options.rounds, Cohorts.MOST);
  }

  /** Why a watch ended, with what it saw last. */
  record End(String why, Trend.@Nullable Round last, List<String> crossed, Duration elapsed) {}

  /**
   * Watches to the end, and says what it saw.
   *
   * @return whether a limit was crossed
   */
  boolean run() throws IOException {
    screen.begin();
    End end = watch();
    screen.summary(end);
    if (json != null) {
      json.end(end.why, end.elapsed, end.crossed, end.crossed.isEmpty() ? 0 : 1);
    }
    return !end.crossed.isEmpty();
  }

  private End watch() throws IOException {
    long start = nanoTime.getAsLong();
    Trend.Round last = null;
    while (true) {
      long begin = nanoTime.getAsLong();
      Population population;
      try {
        population = target.population();
      } catch (BadInput e) {
        if (target.isAlive()) {
          throw e;
        }
        return new End("the process has ended", last, List.of(), since(start));
      }
      Duration cost = since(begin);
      last = trend.add(population);
      Duration elapsed = since(start);
      screen.show(last, elapsed);
      if (json != null) {
        json.sample(last, options.pid);
      }
      List<String> crossed = options.limits.crossed(last);
      if (!crossed.isEmpty()) {
        return new End("a limit is crossed", last, crossed, elapsed);
      }
      Duration wait = longer(options.every, cost.multipliedBy(COST_FACTOR));
      if (options.duration != null) {
        Duration left = options.duration.minus(elapsed);
        if (left.compareTo(options.every) < 0) {
          return new End("the time is over", last, List.of(), elapsed);
        }
        wait = left.compareTo(wait) < 0 ? left : wait; // one that is dear is the last
      }
      if (!pause.await(wait)) {
        return new End("stopped", last, List.of(), since(start));
      }
    }
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(nanoTime.getAsLong() - nanos);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
