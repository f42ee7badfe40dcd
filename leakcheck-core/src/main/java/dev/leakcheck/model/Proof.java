package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * The answer to the question whether anybody alive can ever wake a thread that waits without a time
 * limit. It is of the instant at which it was asked for. Immutable.
 */
public sealed interface Proof {

  /** The key of the fact that tells it. */
  String FACT = "proof";

  /** The key of the fact that draws threads that wait for each other. */
  String CIRCLE = "cycle";

  /** What a fact begins with that guesses who might wake a thread: it goes once that is proved. */
  String GUESS = "perhaps ";

  /** What a finding says of a thread as long as this was not asked. */
  String NOBODY_KNOWN = "it waits without a time limit, and nobody alive is known to end that";

  /** What a title says of a thread of which {@link #NOBODY_KNOWN} is said. */
  String FOR_EVER = "blocked for ever";

  /**
   * As a report tells it.
   *
   * @return the lines of the fact
   */
  List<String> lines();

  /**
   * Why a thread is accused of which {@link #NOBODY_KNOWN} was said, now that it was asked.
   *
   * @return a sentence
   */
  String why();

  /**
   * Whether some thread that it is about is stuck for good.
   *
   * @return true if nobody alive can wake all of them, or one of several
   */
  boolean isProvedOfAny();

  /**
   * One answer for several threads: that which leaves most open. It says as well which of them are
   * stuck for good all the same.
   *
   * @param threads the threads
   * @param answers the answer for each, by its id
   * @return the answer; unknown if there are no threads
   */
  static Proof joined(List<ThreadRecord> threads, LongFunction<Proof> answers) {
    Map<ThreadRecord, Proof> each = new LinkedHashMap<>();
    threads.forEach(thread -> each.put(thread, answers.apply(thread.id())));
    return JoinedProof.of(each);
  }

  /**
   * Nobody can ever wake it.
   *
   * @param barring what was taken for granted besides what {@link #lines} always says
   * @param cause whom it lacks, in a clause; empty if that is not known
   * @param neverRuns what will never be done because of it, in clauses
   * @param circle the threads that wait for each other, if it is one of them, drawn in lines
   */
  record Proved(Set<String> barring, String cause, List<String> neverRuns, List<String> circle)
      implements Proof {
    /** Copies the collections. */
    public Proved {
      barring = Set.copyOf(barring);
      neverRuns = List.copyOf(neverRuns);
      circle = List.copyOf(circle);
    }

    /**
     * Nobody can wake it, and no more is known.
     *
     * @param barring what was taken for granted besides what {@link #lines} always says
     */
    public Proved(Set<String> barring) {
      this(barring, "", List.of(), List.of());
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add("nobody alive leads to what could wake it: it is stuck for good");
      if (!cause.isEmpty()) {
        lines.add(cause);
      }
      lines.addAll(neverRuns);
      lines.add("(barring code that lists all threads, a debugger, and native code)");
      barring.stream().sorted().forEach(assumption -> lines.add("(" + assumption + ")"));
      return lines;
    }

    @Override
    public String why() {
      return "it waits without a time limit, and nobody alive can end that";
    }

    @Override
    public boolean isProvedOfAny() {
      return true;
    }
  }

  /**
   * Somebody alive leads to it, and may wake it.
   *
   * @param path how; it leads to the thread or to what it waits for
   * @param stuck which of several threads are stuck for good all the same, in lines
   */
  record Reachable(HeapPath path, List<String> stuck) implements Proof {
    /** Copies the list. */
    public Reachable {
      stuck = List.copyOf(stuck);
    }

    /**
     * The answer for one thread.
     *
     * @param path how; it leads to the thread or to what it waits for
     */
    public Reachable(HeapPath path) {
      this(path, List.of());
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add("it may still be woken, by who has:");
      path.lines().forEach(step -> lines.add("  " + step));
      lines.addAll(stuck);
      return lines;
    }

    @Override
    public boolean isProvedOfAny() {
      return !stuck.isEmpty();
    }

    @Override
    public String why() {
      return "it waits without a time limit, and whoever could end that has not";
    }
  }

  /**
   * It could not be told.
   *
   * @param reason why not, as it follows "because"
   * @param stuck which of several threads are stuck for good all the same, in lines
   */
  record Unknown(String reason, List<String> stuck) implements Proof {
    /** Copies the list. */
    public Unknown {
      stuck = List.copyOf(stuck);
    }

    /**
     * The answer for one thread.
     *
     * @param reason why not, as it follows "because"
     */
    public Unknown(String reason) {
      this(reason, List.of());
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add("unknown whether anybody can wake it, because " + reason);
      lines.addAll(stuck);
      return lines;
    }

    @Override
    public boolean isProvedOfAny() {
      return !stuck.isEmpty();
    }

    @Override
    public String why() {
      return NOBODY_KNOWN;
    }
  }
}
