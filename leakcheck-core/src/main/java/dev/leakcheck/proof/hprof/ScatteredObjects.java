package dev.leakcheck.proof.hprof;

import java.io.IOException;
import java.util.Arrays;

/**
 * Where each object is written in a dump that has them in no order, as ZGC writes it. For each
 * there is the end of its id and the {@linkplain Runs run} that it is in, side by side with the
 * others of a {@linkplain IdRanges range} of ids: some three and a half bytes. They are counted
 * first, and once it is known how many there are the file is gone through again, so that nothing is
 * kept twice. Not thread-safe.
 */
final class ScatteredObjects {

  private static final long LAST_BITS = (1L << IdRanges.RANGE_BITS) - 1;

  private final Runs runs;
  private final IdRanges ranges = new IdRanges();
  private PackedNumbers entries = new PackedNumbers(0, 1);
  private int size;

  /** Has the bits that any id has. */
  private long anyId;

  private int unused;
  private int runBits;
  private boolean flat;
  private int lastNode = -1;
  private long lastPlace;

  ScatteredObjects(PagedFile file, int idSize) {
    this.runs = new Runs(file, idSize);
  }

  /** Adds an object, whose record lies behind those of the objects that were added before. */
  void add(long id, long place) throws IOException {
    ranges.count(id);
    runs.add(place);
    anyId |= id;
    size++;
  }

  int size() {
    return size;
  }

  /** The most it takes in memory, in bytes, when it is sealed. */
  long bytes() {
    return ranges.bytes() + runs.bytes() + PackedNumbers.bytes(size, bits());
  }

  private int bits() {
    unused = Long.numberOfTrailingZeros(anyId | LAST_BITS + 1);
    runBits = Long.SIZE - Long.numberOfLeadingZeros(runs.size());
    return IdRanges.RANGE_BITS - unused + 1 + runBits;
  }

  void seal() throws IOException {
    entries = new PackedNumbers(size, bits());
    ranges.lay();
    for (int run = 0; run < runs.size(); run++) {
      long place = runs.place(run);
      for (int left = runs.count(run); left > 0; left--) {
        long id = runs.id(place);
        long entry = lastOf(id) << 1 | (runs.isFlat(place) ? 1 : 0);
        entries.set(ranges.next(id), entry << runBits | run);
        place = left == 1 ? place : runs.behind(place);
      }
    }
    for (int range = 0; range < ranges.ranges(); range++) {
      sort(ranges.from(range), ranges.to(range));
    }
  }

  private void sort(int from, int to) {
    if (to - from < 2) {
      return;
    }
    long[] sorted = new long[to - from];
    for (int i = from; i < to; i++) {
      sorted[i - from] = entries.get(i);
    }
    Arrays.sort(sorted);
    for (int i = from; i < to; i++) {
      entries.set(i, sorted[i - from]);
    }
  }

  private long lastOf(long id) {
    return (id & LAST_BITS) >>> unused;
  }

  /** The number of an object, or a negative one. */
  int find(long wanted) {
    int range = ranges.find(wanted);
    if (range < 0 || (wanted & ~anyId) != 0) {
      return -1;
    }
    long last = lastOf(wanted);
    int from = ranges.from(range);
    int to = ranges.to(range) - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      long entry = entries.get(middle) >>> runBits;
      if (entry >>> 1 == last) {
        flat = (entry & 1) != 0;
        lastNode = -1;
        return middle;
      }
      if (entry >>> 1 < last) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1;
  }

  /** Whether the object that was found or asked for last leads nowhere. */
  boolean isFlat() {
    return flat;
  }

  /** Where an object is written, by its number. */
  long place(int node) throws IOException {
    if (node != lastNode) {
      long entry = entries.get(node);
      int run = (int) (entry & (1L << runBits) - 1);
      flat = (entry >>> runBits & 1) != 0;
      lastPlace = runs.place(run, ranges.firstId(node) | entry >>> (runBits + 1) << unused);
      lastNode = node;
    }
    return lastPlace;
  }
}
