package dev.leakcheck.capture.base;

import org.jspecify.annotations.Nullable;

/**
 * A place in the sequence that a thread draws identity hash codes from. Thread-safe.
 *
 * <p>An object gets its identity hash code when somebody first asks for it, and HotSpot draws it
 * from a generator of the thread that asks: Marsaglia's xor-shift with four words of state (JDK
 * source, {@code get_next_hash} in {@code synchronizer.cpp}; the default, {@code -XX:hashCode=5}).
 * So two places of one thread tell which hash codes it drew in between, whatever it did and however
 * long that took. The JDK asks for that of a {@code ThreadPoolExecutor} while it constructs it, and
 * for one of its own objects with every executor that it lists.
 *
 * <p>A place is found by drawing some and solving for the state, of which an object keeps 31 bits a
 * word. Where that does not work out, as on a JVM that draws them otherwise, there is no place.
 */
public final class HashSequence {

  /** How many hash codes are drawn to find a place: four to solve, the others to prove it. */
  static final int PROBES = 8;

  private static final int WORDS = 4;
  private static final int KEPT = Integer.MAX_VALUE;

  /** More than that one thread does not draw between two looks. */
  private static final int MOST = 1 << 24;

  private int x;
  private int y;
  private int z;
  private int w;

  private HashSequence(int x, int y, int z, int w) {
    this.x = x;
    this.y = y;
    this.z = z;
    this.w = w;
  }

  /** Where the current thread is, or null if this JVM does not tell. */
  public static @Nullable HashSequence here() {
    if (Jdk.isVirtual(Thread.currentThread())) {
      return null; // draws from the sequences of its carriers
    }
    int[] drawn = new int[PROBES];
    for (int i = 0; i < PROBES; i++) {
      drawn[i] = System.identityHashCode(new Object());
    }
    return solve(drawn);
  }

  /** The place after some draws, or null if they are of no such sequence. */
  static @Nullable HashSequence solve(int[] drawn) {
    for (int lost = 0; lost < 1 << WORDS; lost++) { // the top bit of each word
      HashSequence tried =
          new HashSequence(
              drawn[0] | (lost << 31),
              drawn[1] | ((lost >> 1) << 31),
              drawn[2] | ((lost >> 2) << 31),
              drawn[3] | ((lost >> 3) << 31));
      int proven = WORDS;
      while (proven < drawn.length && tried.next() == drawn[proven]) {
        proven++;
      }
      if (proven == drawn.length) {
        return tried;
      }
    }
    return null;
  }

  private int next() {
    int t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w & KEPT;
  }

  private HashSequence copy() {
    return new HashSequence(x, y, z, w);
  }

  private boolean isAt(HashSequence other) {
    return x == other.x && y == other.y && z == other.z && w == other.w;
  }

  /**
   * How many hash codes the thread drew from here until it looked for a later place.
   *
   * @return -1 if it did not come from here
   */
  public int drawnUntil(HashSequence later) {
    HashSequence place = copy();
    for (int drawn = 0; drawn < MOST; drawn++) {
      if (place.isAt(later)) {
        return drawn - PROBES;
      }
      place.next();
    }
    return -1;
  }

  /** Whether a hash code is one of the next so many that the thread drew from here on. */
  public boolean drew(int hash, int count) {
    HashSequence place = copy();
    for (int i = 0; i < count; i++) {
      if (place.next() == hash) {
        return true;
      }
    }
    return false;
  }
}
