package dev.leakcheck.engine.scope;

import dev.leakcheck.model.Coverage;

/**
 * Whether threads of findings that fail are put to a heap dump, which tells whether anybody can
 * ever wake them.
 *
 * @param when when
 * @param heapBytes how much of the heap may live for {@link When#AUTO}
 */
public record ProofUse(When when, long heapBytes) {

  /** Never. */
  public static final ProofUse NEVER = new ProofUse(When.OFF, 0);

  /** That more of the heap lives than may, as a sentence goes on. */
  public String tooLarge() {
    return "more than "
        + (heapBytes < 1 << 20 ? (heapBytes >> 10) + " KB" : (heapBytes >> 20) + " MB")
        + " of the heap live (leakcheck.proof.heap sets the bound)";
  }

  /** With more platform threads {@link When#AUTO} does not ask: each is looked at several times. */
  public static final int MOST_THREADS = 2_000;

  /** That more threads live than may, as a sentence goes on. */
  public static String tooMany() {
    return "more than " + MOST_THREADS + " platform threads live";
  }

  /** That threads were not asked about, though they would be if there were more time. */
  public Coverage notAsked(String why) {
    return Coverage.limitedBy(
        Coverage.Limit.NOT_PROVED,
        "whether anybody can still wake the threads was not asked: "
            + why
            + "; leakcheck.proof=on asks always, off never");
  }

  /** When a heap dump is taken. */
  public enum When {
    /** Once for a test class and a few times in a JVM, while little of the heap lives. */
    AUTO,
    /** Never. */
    OFF,
    /** For each check that fails. */
    ON
  }
}
