package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.threads.LiveThreads;
import java.util.Arrays;
import java.util.List;

/** The ids of the platform threads that were alive at one instant. Immutable; 8 bytes a thread. */
public final class ThreadIds {

  private final long[] sorted;

  private ThreadIds(long[] sorted) {
    this.sorted = sorted;
  }

  /** Of no thread. */
  public static ThreadIds none() {
    return new ThreadIds(new long[0]);
  }

  /** Of those that are alive now. */
  public static ThreadIds live() {
    return of(LiveThreads.all());
  }

  /** Of some threads. */
  static ThreadIds of(List<Thread> threads) {
    return new ThreadIds(threads.stream().mapToLong(LiveThreads::id).sorted().toArray());
  }

  /** How many there are besides some threads. */
  int countWithout(List<Thread> threads) {
    return sorted.length
        - (int) threads.stream().mapToLong(LiveThreads::id).filter(this::contains).count();
  }

  boolean contains(long id) {
    return Arrays.binarySearch(sorted, id) >= 0;
  }
}
