package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The answer to the question whether anybody alive can ever wake a thread that waits without a time
 * limit. It is of the instant at which it was asked for. Immutable.
 */
public sealed interface Proof {

  /** The key of the fact that tells it. */
  String FACT = "proof";

  /** How many steps of a path are told. */
  int MOST_STEPS = 10;

  /**
   * As a report tells it.
   *
   * @return the lines of the fact
   */
  List<String> lines();

  /**
   * Nobody can ever wake it.
   *
   * @param barring what was taken for granted besides what {@link #lines} always says
   */
  record Proved(Set<String> barring) implements Proof {
    /** Copies the set. */
    public Proved {
      barring = Set.copyOf(barring);
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add("nobody alive leads to what could wake it: it is stuck for good");
      lines.add("(barring code that lists all threads, a debugger, and native code)");
      barring.stream().sorted().forEach(assumption -> lines.add("(" + assumption + ")"));
      return lines;
    }
  }

  /**
   * Somebody alive leads to it, and may wake it.
   *
   * @param path how, each step a line: first who holds it, last the thread or what it waits for
   */
  record Reachable(List<String> path) implements Proof {
    /** Copies the list. */
    public Reachable {
      path = List.copyOf(path);
    }

    @Override
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add("it may still be woken, by who has:");
      path.forEach(step -> lines.add("  " + step));
      return lines;
    }
  }

  /**
   * It could not be told.
   *
   * @param reason why not, as it follows "because"
   */
  record Unknown(String reason) implements Proof {
    @Override
    public List<String> lines() {
      return List.of("unknown whether anybody can wake it, because " + reason);
    }
  }
}
