package dev.leakcheck.proof.hprof;

import java.io.IOException;
import java.util.Arrays;

/**
 * Where objects are written, by the run that they are in: some records side by side, of which a
 * single place is kept, and the others are found by going through the file. Not thread-safe.
 */
final class Runs {

  /** A run begins no more objects behind so many bytes. */
  private static final int MOST_BYTES = 2048;

  private final PagedFile file;
  private final int idSize;

  /** The lower half of where each begins. */
  private int[] places = new int[64];

  /** How many objects it has; the smallest records take so many bytes that a byte will do. */
  private byte[] counts = new byte[64];

  /** By the upper half: the first that begins there or later. */
  private int[] firsts = {0};

  private int size;
  private long begin;
  private long end = -1;

  Runs(PagedFile file, int idSize) {
    this.file = file;
    this.idSize = idSize;
  }

  /** Adds an object, whose record lies behind those of the objects that were added before. */
  void add(long place) throws IOException {
    if (place != end || place - begin >= MOST_BYTES) {
      begin(place);
      begin = place;
    }
    counts[size - 1]++;
    end = behind(place);
  }

  private void begin(long place) {
    if (size == places.length) {
      int more = size + (size >> 2);
      places = Arrays.copyOf(places, more);
      counts = Arrays.copyOf(counts, more);
    }
    int known = firsts.length;
    int upper = (int) (place >>> 32);
    if (upper >= known) {
      firsts = Arrays.copyOf(firsts, upper + 1);
      Arrays.fill(firsts, known, upper + 1, size);
    }
    places[size++] = (int) place;
  }

  int size() {
    return size;
  }

  /** The most it can take in memory, in bytes, while it grows to what it holds now. */
  long bytes() {
    return 5L * places.length;
  }

  int count(int run) {
    return counts[run] & 0xff;
  }

  /** Where the first object of a run is written. */
  long place(int run) {
    int upper = firsts.length - 1;
    while (firsts[upper] > run) {
      upper--;
    }
    return (long) upper << 32 | (places[run] & 0xffffffffL);
  }

  /** Where the object of an id is written, which is in a run. */
  long place(int run, long wanted) throws IOException {
    long place = place(run);
    int end = idSize - 3; // the end of an id tells most of them apart
    for (int left = count(run); left > 1; left--) {
      if (file.s4(place + end) == (int) wanted && id(place) == wanted) {
        return place;
      }
      place = behind(place);
    }
    return place;
  }

  long id(long place) throws IOException {
    return idSize == 8 ? file.s8(place + 1) : file.u4(place + 1);
  }

  boolean isFlat(long place) throws IOException {
    return file.u1(place) == Records.PRIMITIVE_ARRAY_DUMP;
  }

  /** Where the record of an object ends. */
  long behind(long place) throws IOException {
    long at = place + 5 + idSize;
    return switch (file.u1(place)) {
      case Records.PRIMITIVE_ARRAY_DUMP ->
          at + 5 + file.u4(at) * Records.size(file.u1(at + 4), idSize);
      case Records.OBJECT_ARRAY_DUMP -> at + 4 + (1 + file.u4(at)) * idSize;
      default -> at + 4 + idSize + file.u4(at + idSize);
    };
  }
}
