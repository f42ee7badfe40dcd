package dev.leakcheck.engine.scope;

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
