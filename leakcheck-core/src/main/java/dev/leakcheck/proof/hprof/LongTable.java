package dev.leakcheck.proof.hprof;

import java.util.Arrays;

/**
 * Pairs of numbers, found by the first: some 22 bytes a pair. Filled first, then {@linkplain #seal
 * sealed} and asked; of pairs with the same first number the one that was added first is found. Not
 * thread-safe.
 */
final class LongTable {

  private long[] keys = new long[64];
  private long[] values = new long[64];
  private int size;

  /** Places of pairs and one more, by a hash; a third of them are unused. */
  private int[] hashed = new int[1];

  /** Not the same in two runs, or a file could be made whose keys all fall together. */
  private final long seed = System.nanoTime() << 1 | 1;

  void add(long key, long value) {
    if (size == keys.length) {
      int more = (int) Math.min(Integer.MAX_VALUE - 16L, size + (size >> 1) + 16L);
      keys = Arrays.copyOf(keys, more);
      values = Arrays.copyOf(values, more);
    }
    keys[size] = key;
    values[size++] = value;
  }

  /** The most it can take in memory, in bytes, while it grows to what it holds now. */
  long bytes() {
    return 16L * keys.length + 4L * slots();
  }

  private int slots() {
    return (int) Math.min(Integer.MAX_VALUE - 16L, size + (size >> 1) + 1L);
  }

  void seal() {
    hashed = new int[slots()];
    for (int i = 0; i < size; i++) {
      int slot = slot(keys[i]);
      if (hashed[slot] == 0) {
        hashed[slot] = i + 1;
      }
    }
  }

  /** The slot that has a key, or else a free one. */
  private int slot(long key) {
    long mixed = (key ^ seed >>> 32) * (seed * 0x9e3779b97f4a7c15L | 1);
    int slot = (int) (((mixed >>> 32) * hashed.length) >>> 32);
    while (hashed[slot] != 0 && keys[hashed[slot] - 1] != key) {
      slot = slot + 1 == hashed.length ? 0 : slot + 1;
    }
    return slot;
  }

  /** The place of a key, or a negative number. */
  int find(long key) {
    return hashed[slot(key)] - 1;
  }

  long value(int place) {
    return values[place];
  }

  /** The value of a key, or another. */
  long get(long key, long otherwise) {
    int place = find(key);
    return place < 0 ? otherwise : values[place];
  }
}
