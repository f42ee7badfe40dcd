package dev.leakcheck.junit5.lifecycle;

/** What this JVM lets the plain tier see. */
public final class Jvm {

  /** There are virtual threads to be left behind: since JDK 21. */
  public static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

  /** The JVM lists executors, also those that have no thread yet: since JDK 21. */
  public static final boolean LISTS_EXECUTORS = Runtime.version().feature() >= 21;

  private Jvm() {}
}
