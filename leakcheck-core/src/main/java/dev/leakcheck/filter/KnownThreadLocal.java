package dev.leakcheck.filter;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Values in thread-locals that are kept on purpose, or of which nobody can say. Thread-locals with
 * an initial value, by {@code withInitial} or an {@code initialValue} of their own, are per-thread
 * caches by design and are not looked at in the first place.
 */
public enum KnownThreadLocal {
  REFERENCE("a soft or weak reference lets go of what it refers to", Value::reference),
  NOTHING("false, zero or an empty collection is what a value is reset to", Value::nothing),
  TOOL(
      "made once for each thread, as it is dear or not thread-safe: a buffer, a format, a digest",
      Value::tool),
  INITIAL(
      "made where the thread-local is read and holds none yet, as an initial value is: kept for each"
          + " thread by design",
      Value::initial),
  LIBRARY(
      "declared by a library: whether it is residue or the library's cache is not to be seen, and"
          + " is not the test's to decide",
      Value::ofLibrary),
  UNKNOWN(
      "no static field of the user's holds the thread-local, and the value is not of a class of"
          + " the user's: whose it is cannot be told",
      value -> value.ofNobody() && !value.ownValue());

  /**
   * A value in a thread-local.
   *
   * @param reference whether it is a soft, weak or phantom reference
   * @param nothing whether it is false, zero or empty
   * @param tool whether it is of a class that is kept for each thread by habit
   * @param initial whether it is made where the thread-local is read, if there is none
   * @param ofLibrary whether a class of a library declares the thread-local
   * @param ofNobody whether no class declares it
   * @param ownValue whether the value is of a class of the user's
   */
  public record Value(
      boolean reference,
      boolean nothing,
      boolean tool,
      boolean initial,
      boolean ofLibrary,
      boolean ofNobody,
      boolean ownValue) {}

  private final String reason;

  @SuppressWarnings("ImmutableEnumChecker") // a predicate without state
  private final Predicate<Value> rule;

  KnownThreadLocal(String reason, Predicate<Value> rule) {
    this.reason = reason;
    this.rule = rule;
  }

  /**
   * The rule that a value matches.
   *
   * @param value the value
   * @return the first rule that matches, or empty if it is residue
   */
  public static Optional<KnownThreadLocal> match(Value value) {
    return Arrays.stream(values()).filter(known -> known.rule.test(value)).findFirst();
  }

  /**
   * Why the value is left alone.
   *
   * @return a clause without a full stop
   */
  public String reason() {
    return reason;
  }
}
