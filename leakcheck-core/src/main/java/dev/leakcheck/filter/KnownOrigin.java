package dev.leakcheck.filter;

import java.util.List;
import java.util.Optional;

/** Creations that are nobody's leak, known by their stacks. */
public enum KnownOrigin {
  /** Made while a class was initialised. */
  CLASS_INITIALIZER;

  /**
   * The rule that a creation matches.
   *
   * @param stack innermost frame first
   * @return the rule, or empty
   */
  public static Optional<KnownOrigin> match(List<StackTraceElement> stack) {
    return stack.stream().anyMatch(frame -> frame.getMethodName().equals("<clinit>"))
        ? Optional.of(CLASS_INITIALIZER)
        : Optional.empty();
  }
}
