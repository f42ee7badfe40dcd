package dev.leakcheck.model;

import java.time.Instant;

/**
 * What becomes of a cohort from sample to sample. Immutable.
 *
 * @param cohort the cohort as it was seen last; with a count of 0 if none of it is left
 * @param verdict what becomes of it
 * @param from how many threads there were when what the verdict speaks of began
 * @param first how many there were when the cohort was seen first
 * @param since when what the verdict speaks of began
 * @param rounds how many samples ago that was
 */
public record CohortTrend(
    Cohort cohort, Verdict verdict, int from, int first, Instant since, int rounds) {

  /** What becomes of a cohort. */
  public enum Verdict {
    /** The number of its threads rises and does not fall again. */
    GROWING,
    /** The same threads are there, at the same place, in every sample for a while. */
    UNCHANGED,
    /** Threads come, go or move on. */
    MOVING,
    /** It has had no thread for a while. */
    GONE
  }

  /**
   * How many threads more there are than when what the verdict speaks of began.
   *
   * @return the difference; negative if there are fewer
   */
  public int growth() {
    return cohort.count() - from;
  }
}
