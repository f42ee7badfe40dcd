package dev.leakcheck.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Threads that are alike: of one kind, with names that differ in numbers only, in the same code,
 * doing the same thing. Immutable.
 *
 * @param fingerprint what identifies such threads in every sample and every run: 16 hexadecimal
 *     digits over the name pattern, what they do and their frames, without numbers
 * @param name what their names have in common, as {@link Printable#pattern} makes it; empty if they
 *     have no names; may hold any character, print {@link #label()} instead
 * @param virtual whether they are virtual threads
 * @param state the state of the first of them that was seen
 * @param activity what the first of them that was seen does, such as {@code waiting in
 *     LinkedBlockingQueue.take()}
 * @param stack the stack of the first of them that was seen, innermost frame first; may be empty
 * @param count how many there are
 * @param examples names of some, as they were set, at most {@link #MAX_EXAMPLES}
 * @param ids the smallest of their ids, ascending, at most {@link #MAX_IDS}; fewer if ids are not
 *     known
 * @param members a hash over the ids of all of them, in whatever order: the same threads have the
 *     same; 0 if an id is not known
 * @param benign why they are nobody's leak, or null if no rule knows them
 */
public record Cohort(
    String fingerprint,
    String name,
    boolean virtual,
    Thread.State state,
    String activity,
    List<StackTraceElement> stack,
    int count,
    List<String> examples,
    List<Long> ids,
    long members,
    @Nullable String benign) {

  /** How many names are kept. */
  public static final int MAX_EXAMPLES = 5;

  /** How many ids are kept. */
  public static final int MAX_IDS = 20;

  /** Copies the lists. */
  public Cohort {
    stack = List.copyOf(stack);
    examples = List.copyOf(examples);
    ids = List.copyOf(ids);
  }

  /**
   * The name pattern as it is shown to a person.
   *
   * @return the pattern, escaped and cut
   */
  public String label() {
    return Printable.name(name);
  }

  /**
   * Whether they are the very same threads.
   *
   * @param other another sample of the same JVM
   * @return true if they are; where ids are not known, if there are as many
   */
  public boolean hasSameThreadsAs(Cohort other) {
    return fingerprint.equals(other.fingerprint)
        && count == other.count
        && (members == other.members || members == 0 || other.members == 0);
  }

  /**
   * The same threads, of which none is left.
   *
   * @return a cohort without threads
   */
  public Cohort gone() {
    return new Cohort(
        fingerprint, name, virtual, state, activity, stack, 0, examples, List.of(), 0, benign);
  }
}
