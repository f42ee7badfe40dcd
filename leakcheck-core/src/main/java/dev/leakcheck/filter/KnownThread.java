package dev.leakcheck.filter;

import java.util.List;

/**
 * A rule that says which threads are benign, and why: they belong to the JVM, to a test runner or
 * to a library's static life, so no test can be asked to stop them.
 *
 * @param id what the rule is called in reports, in capital letters
 * @param reason why such a thread is left alone, a clause without a full stop
 * @param power what such a thread can do to others
 * @param checked the versions of the library for which the rule was tried out
 * @param shared what a worker of it is called that runs the test's code, such as {@code Kotlin's
 *     shared dispatcher}; empty if the rule is not about workers
 * @param most how many such threads a scope may leave, as each further one is of an object that was
 *     not closed; 0 for any number
 * @param samples names that such threads have
 * @param evidence what such a thread is known by: one of these has to hold
 * @param source where the rule was read
 */
public record KnownThread(
    String id,
    String reason,
    Power power,
    String checked,
    String shared,
    int most,
    List<String> samples,
    List<ThreadEvidence> evidence,
    String source) {

  /** What a benign thread can still do to others. */
  public enum Power {
    /** It hardly ever runs code of the user's, so that nothing it does is waited for. */
    INERT,
    /** It may run the user's callbacks, so a check waits for it while it is not at rest. */
    RUNS_CALLBACKS
  }

  /** Copies the lists. */
  public KnownThread {
    samples = List.copyOf(samples);
    evidence = List.copyOf(evidence);
  }

  /**
   * Whether such a thread hardly ever runs code of the user's.
   *
   * @return true if no check waits for what it does
   */
  public boolean isInert() {
    return power == Power.INERT;
  }
}
