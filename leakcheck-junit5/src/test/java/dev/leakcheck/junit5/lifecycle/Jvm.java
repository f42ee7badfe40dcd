package dev.leakcheck.junit5.lifecycle;

/** What this JVM lets the plain tier see. */
public final class Jvm {

  /** Virtual threads, and a list of all executors: since JDK 21. */
  public static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

  private Jvm() {}
}
