package dev.leakcheck.proof.hprof;

/** Numbers of as many bits each, side by side. Not thread-safe. */
final class PackedNumbers {

  private final int bits;
  private final long mask;
  private final long[] words;

  /**
   * All zero at first.
   *
   * @param bits of each number, fewer than 64
   */
  PackedNumbers(int size, int bits) {
    this.bits = bits;
    this.mask = (1L << bits) - 1;
    this.words = new long[(int) (bytes(size, bits) >> 3)];
  }

  /** What so many take in memory; one word more than need be is read. */
  static long bytes(int size, int bits) {
    return ((((long) size * bits) >> 6) + 2) << 3;
  }

  long get(int index) {
    long at = (long) index * bits;
    int word = (int) (at >>> 6);
    int shift = (int) at & 63;
    return ((words[word] >>> shift) | (words[word + 1] << 1 << (63 - shift))) & mask;
  }

  void set(int index, long number) {
    long at = (long) index * bits;
    int word = (int) (at >>> 6);
    int shift = (int) at & 63;
    words[word] = (words[word] & ~(mask << shift)) | (number << shift);
    if (shift + bits > 64) {
      int done = 64 - shift;
      words[word + 1] = (words[word + 1] & ~(mask >>> done)) | (number >>> done);
    }
  }
}
