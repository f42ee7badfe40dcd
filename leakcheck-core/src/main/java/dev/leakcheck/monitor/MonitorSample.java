package dev.leakcheck.monitor;

import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.Population;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link LeakMonitor} saw when it looked, and what that tells together with what it saw
 * before. Benign threads, such as the JVM's own, are in the population only. Immutable.
 *
 * @param number how many samples there were, this one included
 * @param population the threads, by what they have in common
 * @param growing groups of threads that grow, those that grew by most first
 * @param unchanged groups of which the very same threads were at the same place in each of the last
 *     samples, the largest first
 * @param changed groups of which something else is told than after the sample before, also those
 *     that are gone
 * @param platformGrows whether there are more and more platform threads, be they alike or not
 * @param virtualGrows whether there are more and more virtual threads, be they alike or not
 * @param executorsGrow whether there are more and more executors, with threads or without
 * @param cost how long it took
 * @param next how long after this sample the next one begins
 */
public record MonitorSample(
    int number,
    Population population,
    List<CohortTrend> growing,
    List<CohortTrend> unchanged,
    List<CohortTrend> changed,
    boolean platformGrows,
    boolean virtualGrows,
    boolean executorsGrow,
    Duration cost,
    Duration next) {

  /** Copies the lists. */
  public MonitorSample {
    growing = List.copyOf(growing);
    unchanged = List.copyOf(unchanged);
    changed = List.copyOf(changed);
  }

  /**
   * Whether anything grows.
   *
   * @return true if a group does, or the threads or executors as a whole
   */
  public boolean grows() {
    return !growing.isEmpty() || platformGrows || virtualGrows || executorsGrow;
  }
}
