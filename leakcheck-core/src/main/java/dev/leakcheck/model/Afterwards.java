package dev.leakcheck.model;

import java.util.List;

/**
 * What was done about a finding once all was known of it, and what came of that. It is done only
 * where {@code leakcheck.afterwards=stop} asks for it. Immutable.
 *
 * @param ended whether nothing of what the finding is about is left that runs, or may run again
 * @param lines what was done, and what could not be stopped
 */
public record Afterwards(boolean ended, List<String> lines) {

  /** The key of the fact that tells it. */
  public static final String FACT = "afterwards";

  /** Copies the list. */
  public Afterwards {
    lines = List.copyOf(lines);
  }
}
