package dev.leakcheck.proof.hprof;

/** Objects of which it counts that they are there, whatever leads to them. */
public enum Collected {
  /**
   * What else the JVM's fields of a class lead to, as reflection does: annotations and generic
   * types are asked for by anybody, and everybody is given the same.
   */
  OF_MIRRORS,
  /** LeakCheck's own objects that ask the user's probes. */
  ASKING,
  /** The stacks of continuations, those of virtual threads among them. */
  STACK_CHUNKS
}
