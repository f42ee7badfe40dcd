package dev.leakcheck.proof.virtual;

/**
 * What is known of whether anybody can wake a thread.
 *
 * @param kind the answer
 * @param because how that is known, or why it is not: what follows "because", in plain words
 */
public record Answer(Kind kind, String because) {

  /** The three answers. */
  public enum Kind {
    /** Nobody alive could ever wake it. */
    PROVED,
    /** Somebody alive leads to it, and may wake it. */
    REACHABLE,
    /** It could not be told. */
    UNKNOWN
  }

  /** Proved. */
  public static final Answer PROVED =
      new Answer(Kind.PROVED, "nothing alive led to it, and the collector has taken it away");

  static final Answer ALIVE = new Answer(Kind.REACHABLE, "something alive leads to it");

  /** A weak reference leads to it. */
  public static final Answer WEAK =
      new Answer(Kind.REACHABLE, "a weak reference leads to it, and whoever reads that may wake it");

  /** An agent has the JVM remember each thread that loads a class, for as long as it lives. */
  static final Answer HELD =
      unknown(
          "the collector left it where it is: code that was compiled holds it, or the JVM itself, as"
              + " it does with a thread that has loaded a class");

  static Answer unknown(String because) {
    return new Answer(Kind.UNKNOWN, because);
  }
}
