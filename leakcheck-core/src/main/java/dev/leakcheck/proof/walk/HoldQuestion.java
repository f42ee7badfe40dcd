package dev.leakcheck.proof.walk;

import java.util.List;
import java.util.Set;

/**
 * Of what it is asked who keeps it alive.
 *
 * @param subjects what was left
 * @param objects class and field of a static array that has an array for each subject, with its
 *     objects as far as they are known
 * @param owners class and field of a static array with the test's own instances
 * @param referenceBytes what a reference takes in the heap
 */
public record HoldQuestion(
    List<Subject> subjects, String objects, String owners, int referenceBytes) {

  /** Copies the list. */
  public HoldQuestion {
    subjects = List.copyOf(subjects);
  }

  /**
   * Something that was left, besides the objects that are known.
   *
   * @param threads ids of its threads
   * @param executorTypes class names of the executors that these threads work for
   */
  public record Subject(Set<Long> threads, Set<String> executorTypes) {

    /** Copies the sets. */
    public Subject {
      threads = Set.copyOf(threads);
      executorTypes = Set.copyOf(executorTypes);
    }
  }
}
