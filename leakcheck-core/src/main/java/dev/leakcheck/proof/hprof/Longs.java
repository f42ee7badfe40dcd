package dev.leakcheck.proof.hprof;

import java.util.Arrays;

/** Numbers, as many as come. Not thread-safe. */
final class Longs {

  private long[] values = new long[16];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  long get(int index) {
    return values[index];
  }

  /** What it takes in memory. */
  long bytes() {
    return 8L * values.length;
  }
}
