package dev.leakcheck.proof.hprof;

import java.util.Arrays;

/**
 * Pairs of numbers, found by the first: 16 bytes a pair. Filled first, then {@linkplain #seal
 * sorted} and asked. Not thread-safe.
 */
final class LongTable {

  private long[] keys = new long[64];
  private long[] values = new long[64];
  private int size;
  private boolean ascending = true;

  void add(long key, long value) {
    if (size == keys.length) {
      int more = (int) Math.min(Integer.MAX_VALUE - 16L, size + (size >> 1) + 16L);
      keys = Arrays.copyOf(keys, more);
      values = Arrays.copyOf(values, more);
    }
    ascending &= size == 0 || keys[size - 1] <= key;
    keys[size] = key;
    values[size++] = value;
  }

  int size() {
    return size;
  }

  /** The most it can take in memory, in bytes, while it grows to what it holds now. */
  long bytes() {
    return 16L * keys.length;
  }

  /** Sorts in place: what a JVM writes is nearly in order, and what a stranger wrote may not be. */
  void seal() {
    if (ascending) {
      return;
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i, size);
    }
    for (int end = size - 1; end > 0; end--) {
      swap(0, end);
      sink(0, end);
    }
    ascending = true;
  }

  private void sink(int start, int end) {
    int parent = start;
    for (int child = 2 * parent + 1; child < end; child = 2 * parent + 1) {
      if (child + 1 < end && keys[child] < keys[child + 1]) {
        child++;
      }
      if (keys[parent] >= keys[child]) {
        return;
      }
      swap(parent, child);
      parent = child;
    }
  }

  private void swap(int a, int b) {
    long key = keys[a];
    keys[a] = keys[b];
    keys[b] = key;
    long value = values[a];
    values[a] = values[b];
    values[b] = value;
  }

  /** The place of a key, or a negative number. */
  int find(long key) {
    return Arrays.binarySearch(keys, 0, size, key);
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
