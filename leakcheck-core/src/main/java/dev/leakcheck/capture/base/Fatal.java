package dev.leakcheck.capture.base;

/**
 * What no look at the user's objects may swallow. Everything else that their methods throw, be it
 * an error, is no reason to end a test: what could not be looked at is said instead.
 */
public final class Fatal {

  private Fatal() {}

  /**
   * Throws again what the JVM may not get over. A stack that overflowed in the user's own method is
   * theirs and over.
   *
   * @param thrown what was caught
   */
  public static void rethrow(Throwable thrown) {
    if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
      throw fatal;
    }
  }
}
