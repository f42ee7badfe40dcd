package dev.leakcheck.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a capture could not see, and why. Empty notes mean that this tier saw all it can see.
 *
 * @param notes one for each limit, in the order they were met, without repetition
 */
public record Coverage(List<Note> notes) {

  /** A capture that was not limited. */
  public static final Coverage FULL = new Coverage(List.of());

  /** What limited a capture. */
  public enum Limit {
    /** The JDK has neither virtual threads nor executor containers. */
    JDK_BEFORE_21,
    /** The JVM has no {@code jdk.management} module, or it refused. */
    NO_THREAD_DUMP,
    /** {@code jdk.trackAllThreads=false}: virtual threads outside executors are not listed. */
    VIRTUAL_THREADS_UNTRACKED,
    /** The dump with executors failed and the plain one was read: executors were not listed. */
    DUMP_WITHOUT_EXECUTORS,
    /** A dump of another JVM that tells nothing of locks. */
    DUMP_WITHOUT_LOCKS,
    /** No dump could be written or read. */
    DUMP_FAILED,
    /** The system had no room for a thread of LeakCheck's own. */
    NO_THREAD,
    /** Fields of the user's classes could not be read. */
    FIELDS_UNREAD,
    /** A security manager refused. */
    SECURITY_MANAGER,
    /** A collection was asked for and did not happen. */
    NO_COLLECTION,
    /** The agent could not record something. */
    AGENT,
    /** Something that was looked at threw an exception. */
    LOOK_FAILED,
    /** Something did not tell: its class is not the JDK's, or somebody holds its lock. */
    NO_ANSWER,
    /** More came up than is kept. */
    TOO_MANY,
    /** Others ran as well, in between, and it is not recorded who made something. */
    MAKER_UNKNOWN,
    /** A local variable of running code may hold what was left. */
    LOCAL_VARIABLES,
    /** It was not asked whether anybody can wake what was left. */
    NOT_PROVED,
    /** Other tests ran at the same time, so the check moved to a wider scope. */
    PARALLEL;

    /**
     * Whether it limits every check of a JVM alike, or none of its verdicts, so that who reads
     * several messages need be told once.
     *
     * @return false if it may differ from check to check and matters
     */
    public boolean isOfTheJvm() {
      return this == JDK_BEFORE_21
          || this == NO_THREAD_DUMP
          || this == VIRTUAL_THREADS_UNTRACKED
          || this == NOT_PROVED;
    }
  }

  /**
   * One limit.
   *
   * @param limit what limited the capture
   * @param text what could not be seen and why, for a person
   */
  public record Note(Limit limit, String text) {}

  /** Copies the notes and drops repetitions. */
  public Coverage {
    notes = List.copyOf(notes.size() < 2 ? notes : new LinkedHashSet<>(notes));
  }

  /**
   * A capture with one limit.
   *
   * @param limit what limited it
   * @param text what could not be seen and why
   * @return the coverage
   */
  public static Coverage limitedBy(Limit limit, String text) {
    return new Coverage(List.of(new Note(limit, text)));
  }

  /**
   * Both limits together.
   *
   * @param other another capture's coverage
   * @return the notes of both
   */
  public Coverage and(Coverage other) {
    if (other.notes.isEmpty()) {
      return this;
    }
    Set<Note> all = new LinkedHashSet<>(notes);
    all.addAll(other.notes);
    return new Coverage(List.copyOf(all));
  }

  /**
   * Whether a limit applies.
   *
   * @param limit the limit
   * @return true if there is a note of it
   */
  public boolean has(Limit limit) {
    return notes.stream().anyMatch(note -> note.limit() == limit);
  }
}
