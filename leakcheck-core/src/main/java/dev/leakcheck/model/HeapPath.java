package dev.leakcheck.model;

import java.util.ArrayList;
import java.util.List;

/**
 * How something alive leads to an object. Immutable.
 *
 * @param steps each in a line, such as {@code static field com.acme.Orders.PENDING}: who holds it
 *     first, what leads to the object itself last; empty if nobody does
 * @param letGo which of them is the last that is the user's own, where it would be let go; negative
 *     if none is
 */
public record HeapPath(List<String> steps, int letGo) {

  /** Nobody leads to it. */
  public static final HeapPath NONE = new HeapPath(List.of(), -1);

  /** How many steps are told. */
  public static final int MOST_STEPS = 10;

  private static final String LET_GO = "   ← let go here";

  /** Copies the list. */
  public HeapPath {
    steps = List.copyOf(steps);
  }

  /**
   * The steps as a report tells them.
   *
   * @return a line each, the one marked at which to let go
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(steps);
    if (letGo >= 0) {
      lines.set(letGo, lines.get(letGo) + LET_GO);
    }
    return lines;
  }
}
