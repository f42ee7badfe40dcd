package dev.leakcheck.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The threads of a JVM at one instant, as many as there are, by what they have in common.
 * Immutable.
 *
 * @param at when they were looked at
 * @param cohorts threads that are alike, the largest cohort first
 * @param platform how many platform threads there are
 * @param virtual how many virtual threads were seen
 * @param others threads in cohorts beyond those that are kept
 * @param executors executors and other containers of threads that the JVM lists, those with the
 *     most threads first; those without a thread are listed as well
 * @param executorCount how many executors there are, also beyond those that are kept
 * @param coverage what could not be seen
 */
public record Population(
    Instant at,
    List<Cohort> cohorts,
    int platform,
    int virtual,
    int others,
    List<Executor> executors,
    int executorCount,
    Coverage coverage) {

  /** Copies the lists. */
  public Population {
    cohorts = List.copyOf(cohorts);
    executors = List.copyOf(executors);
  }

  /**
   * An executor or another container of threads.
   *
   * @param id the name by which the JVM lists it
   * @param type class name of the executor
   * @param threads how many threads work for it
   */
  public record Executor(String id, String type, int threads) {}

  /**
   * All threads.
   *
   * @return how many there are
   */
  public int threads() {
    return platform + virtual;
  }

  /**
   * The cohort with a fingerprint.
   *
   * @param fingerprint the fingerprint
   * @return the cohort, or empty if there is none
   */
  public Optional<Cohort> cohort(String fingerprint) {
    return cohorts.stream().filter(c -> c.fingerprint().equals(fingerprint)).findFirst();
  }
}
