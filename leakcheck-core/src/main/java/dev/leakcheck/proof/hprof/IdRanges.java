package dev.leakcheck.proof.hprof;

import java.util.Arrays;

/**
 * How many objects there are in each range of ids, however far apart: ranges next to each other
 * make a part, and parts that have no object take nothing. Counted first, then {@linkplain #lay
 * laid} one behind the other. Not thread-safe.
 */
final class IdRanges {

  /** A range has so many ids: some fifteen objects, where they lie side by side. */
  static final int RANGE_BITS = 9;

  private static final int PART_BITS = 14;
  private static final int RANGES = 1 << (PART_BITS - RANGE_BITS);
  private static final int BYTES_A_PART = 12 + 2 * RANGES;

  /** Which part it is, by its number. */
  private long[] parts = new long[64];

  /** How many objects come before a part. */
  private int[] before = new int[64];

  /** How many objects a range has; then, from the part's first, where the next one goes. */
  private char[] counts = new char[64 * RANGES];

  /** Numbers of parts and one more, by a hash; no more than half of them are used. */
  private int[] hashed = new int[128];

  /** Not the same in two runs, or a file could be made whose parts all fall together. */
  private final long seed = System.nanoTime() << 1 | 1;

  private int size;
  private int last;

  /** Counts an object. */
  void count(long id) throws MalformedHeapException {
    int part = part(id);
    if (part < 0) {
      part = begin(id >>> PART_BITS);
    }
    int range = part * RANGES + range(id);
    if (++counts[range] > 1 << RANGE_BITS) {
      throw new MalformedHeapException("the heap dump has objects of the same id");
    }
  }

  private int begin(long key) {
    if (size == parts.length) {
      int more = size + (size >> 2);
      parts = Arrays.copyOf(parts, more);
      before = Arrays.copyOf(before, more);
      counts = Arrays.copyOf(counts, more * RANGES);
    }
    if (2 * size == hashed.length) {
      hashed = new int[2 * hashed.length];
      for (int i = 0; i < size; i++) {
        hashed[slot(parts[i])] = i + 1;
      }
    }
    parts[size] = key;
    hashed[slot(key)] = size + 1;
    return size++;
  }

  /** Where a part is found, or would be. */
  private int slot(long key) {
    long mixed = (key ^ seed >>> 32) * (seed * 0x9e3779b97f4a7c15L | 1);
    int slot = (int) (mixed >>> 33) & (hashed.length - 1);
    while (hashed[slot] != 0 && parts[hashed[slot] - 1] != key) {
      slot = (slot + 1) & (hashed.length - 1);
    }
    return slot;
  }

  /** The number of the part of an id, or a negative one. */
  private int part(long id) {
    long key = id >>> PART_BITS;
    if (last >= size || parts[last] != key) {
      int found = hashed[slot(key)] - 1;
      if (found < 0) {
        return found;
      }
      last = found;
    }
    return last;
  }

  private static int range(long id) {
    return (int) (id >>> RANGE_BITS) & (RANGES - 1);
  }

  /** The most it can take in memory, in bytes, while it grows to what it holds now. */
  long bytes() {
    return (long) BYTES_A_PART * parts.length + 4L * hashed.length;
  }

  /** Gives each range its place among all objects. */
  void lay() {
    int all = 0;
    for (int part = 0; part < size; part++) {
      before[part] = all;
      int sum = 0;
      for (int i = part * RANGES; i < (part + 1) * RANGES; i++) {
        int count = counts[i];
        counts[i] = (char) sum;
        sum += count;
      }
      all += sum;
    }
  }

  /** The place of the next object of that range, once they are laid. */
  int next(long id) {
    int part = part(id);
    return before[part] + counts[part * RANGES + range(id)]++;
  }

  /** The number of the range of an id, once each object has its place; or a negative one. */
  int find(long id) {
    int part = part(id);
    return part < 0 ? part : part * RANGES + range(id);
  }

  /** How many ranges there are. */
  int ranges() {
    return size * RANGES;
  }

  /** The first object of a range. */
  int from(int range) {
    return before[range / RANGES] + (range % RANGES == 0 ? 0 : counts[range - 1]);
  }

  /** The one behind the last object of a range. */
  int to(int range) {
    return before[range / RANGES] + counts[range];
  }

  /** The least id of the range that an object is in. */
  long firstId(int object) {
    int found = Arrays.binarySearch(before, 0, size, object);
    int part = found >= 0 ? found : -found - 2;
    int range = part * RANGES;
    while (to(range) <= object) {
      range++;
    }
    return parts[part] << PART_BITS | (long) (range % RANGES) << RANGE_BITS;
  }
}
