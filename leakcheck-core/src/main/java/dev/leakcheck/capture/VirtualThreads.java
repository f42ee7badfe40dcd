package dev.leakcheck.capture;

import java.util.List;

/** All live virtual threads, where an agent has opened the JDK. Thread-safe. */
public final class VirtualThreads {

  private VirtualThreads() {}

  /** Whether they can be listed. */
  public static boolean available() {
    return false;
  }

  /** All live virtual threads. */
  public static List<Thread> all() {
    return List.of();
  }
}
