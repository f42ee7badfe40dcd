package dev.leakcheck.proof.hprof;

import java.util.Arrays;

/**
 * Where each object of a dump is written, found by its id or by its number, which is its place in
 * the order of ids. It takes some three bytes an object: a JVM writes objects nearly in the order
 * of their ids and side by side, so each but the first of a block is kept as how far its id and its
 * place are from those of the one before it. Where a file is in no such order, blocks are smaller,
 * and it takes some forty. Filled first, then {@linkplain #seal sealed} and asked. Not thread-safe.
 */
final class ObjectTable {

  private static final int MOST_IN_BLOCK = 32;

  /** Between two objects that are further apart, others may lie that are written elsewhere. */
  private static final long GAP = 1 << 19;

  private static final int CHUNK_BITS = 18;
  private static final int CHUNK = 1 << CHUNK_BITS;

  /** A number takes ten bytes at the most. No block lies in two chunks. */
  private static final int LARGEST_BLOCK = MOST_IN_BLOCK * 20;

  private static final long BYTES_A_BLOCK = 28;

  private long[] firstIds = new long[64];
  private long[] firstPlaces = new long[64];

  /** Where the bytes of a block begin. */
  private long[] starts = new long[64];

  /** How many objects are in a block; once it is sealed, how many come before it. */
  private int[] counts = new int[64];

  private int blocks;
  private int size;
  private byte[][] chunks = new byte[16][];
  private long written;
  private long lastId;
  private long lastPlace;
  private byte[] read = new byte[0];
  private int at;
  private boolean flat;
  private int lastNode = -1;

  /** The block that was looked into last: what is made together lies side by side. */
  private int lastBlock;

  /**
   * Adds an object, whose record lies behind those of the objects that were added before.
   *
   * @param isFlat whether it leads nowhere
   */
  void add(long id, long place, boolean isFlat) {
    boolean begins =
        blocks == 0
            || counts[blocks - 1] == MOST_IN_BLOCK
            || id <= lastId
            || id - lastId > GAP
            || id - lastId < 0;
    if (begins) {
      begin(id, place);
    } else {
      write(Long.rotateRight(id - lastId, 3)); // they are aligned to eight bytes
    }
    write((begins ? 0 : place - lastPlace) << 1 | (isFlat ? 1 : 0));
    counts[blocks - 1]++;
    size++;
    lastId = id;
    lastPlace = place;
  }

  private void begin(long id, long place) {
    if (blocks == firstIds.length) {
      int more = blocks + (blocks >> 1);
      firstIds = Arrays.copyOf(firstIds, more);
      firstPlaces = Arrays.copyOf(firstPlaces, more);
      starts = Arrays.copyOf(starts, more);
      counts = Arrays.copyOf(counts, more);
    }
    if (((int) written & (CHUNK - 1)) > CHUNK - LARGEST_BLOCK) {
      written = ((written >> CHUNK_BITS) + 1) << CHUNK_BITS;
    }
    firstIds[blocks] = id;
    firstPlaces[blocks] = place;
    starts[blocks] = written;
    counts[blocks++] = 0;
  }

  /** Seven bits a byte, the lowest first; the highest bit says that more follow. */
  private void write(long number) {
    long left = number;
    while ((left & ~0x7fL) != 0) {
      put((byte) (left | 0x80));
      left >>>= 7;
    }
    put((byte) left);
  }

  private void put(byte value) {
    int chunk = (int) (written >> CHUNK_BITS);
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunk);
    }
    if (chunks[chunk] == null) {
      chunks[chunk] = new byte[CHUNK];
    }
    chunks[chunk][(int) written++ & (CHUNK - 1)] = value;
  }

  private void readFrom(int block) {
    read = chunks[(int) (starts[block] >> CHUNK_BITS)];
    at = (int) starts[block] & (CHUNK - 1);
  }

  private long read() {
    byte value = read[at++];
    if (value >= 0) {
      return value;
    }
    long number = value & 0x7f;
    for (int shift = 7; ; shift += 7) {
      value = read[at++];
      number |= (value & 0x7fL) << shift;
      if (value >= 0) {
        return number;
      }
    }
  }

  private void skip() {
    while (read[at++] < 0) {
      // of a number
    }
  }

  int size() {
    return size;
  }

  /** The most it can take in memory, in bytes, while it grows to what it holds now. */
  long bytes() {
    return BYTES_A_BLOCK * firstIds.length + written + CHUNK;
  }

  /** Puts the blocks into the order of ids; those that overlap are taken apart. */
  void seal() {
    LongTable order = new LongTable();
    for (int i = 0; i < blocks; i++) {
      order.add(firstIds[i], i);
    }
    order.seal();
    int[] places = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      places[i] = (int) order.value(i);
    }
    permute(places);
    if (overlaps()) {
      takeApart();
    }
    int before = 0;
    for (int i = 0; i < blocks; i++) {
      int count = counts[i];
      counts[i] = before;
      before += count;
    }
  }

  private void permute(int[] order) {
    long[] ids = new long[blocks];
    long[] places = new long[blocks];
    long[] begins = new long[blocks];
    int[] sizes = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      ids[i] = firstIds[order[i]];
      places[i] = firstPlaces[order[i]];
      begins[i] = starts[order[i]];
      sizes[i] = counts[order[i]];
    }
    firstIds = ids;
    firstPlaces = places;
    starts = begins;
    counts = sizes;
  }

  private boolean overlaps() {
    for (int i = 0; i + 1 < blocks; i++) {
      long id = firstIds[i];
      readFrom(i);
      skip();
      for (int n = 1; n < counts[i]; n++) {
        id += Long.rotateLeft(read(), 3);
        skip();
      }
      if (id >= firstIds[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** No JVM writes such a file. Each object becomes a block. */
  private void takeApart() {
    LongTable all = new LongTable();
    for (int i = 0; i < blocks; i++) {
      long id = firstIds[i];
      long place = firstPlaces[i];
      readFrom(i);
      all.add(id, place << 1 | (read() & 1));
      for (int n = 1; n < counts[i]; n++) {
        id += Long.rotateLeft(read(), 3);
        long step = read();
        place += step >>> 1;
        all.add(id, place << 1 | (step & 1));
      }
    }
    all.seal();
    blocks = 0;
    size = 0;
    written = 0;
    for (int i = 0; i < all.size(); i++) {
      begin(all.key(i), all.value(i) >>> 1);
      write(all.value(i) & 1);
      counts[i] = 1;
      size++;
    }
  }

  /** The number of an object, or a negative one. */
  int find(long wanted) {
    int block = lastBlock;
    if (blocks == 0 || wanted < firstIds[block] || wanted >= endId(block)) {
      int found = Arrays.binarySearch(firstIds, 0, blocks, wanted);
      block = found >= 0 ? found : -found - 2;
      if (block < 0) {
        return -1;
      }
      lastBlock = block;
    }
    int last = block + 1 < blocks ? counts[block + 1] : size;
    readFrom(block);
    lastNode = -1;
    long id = firstIds[block];
    for (int node = counts[block]; ; id += Long.rotateLeft(read(), 3)) {
      if (id >= wanted) {
        flat = (read() & 1) != 0;
        return id == wanted ? node : -1;
      }
      skip();
      if (++node == last) {
        return -1;
      }
    }
  }

  private long endId(int block) {
    return block + 1 < blocks ? firstIds[block + 1] : Long.MAX_VALUE;
  }

  /** Whether the object that was found or asked for last leads nowhere. */
  boolean isFlat() {
    return flat;
  }

  /** Where an object is written, by its number. */
  long place(int node) {
    if (node != lastNode) {
      int found = Arrays.binarySearch(counts, 0, blocks, node);
      int block = found >= 0 ? found : -found - 2;
      readFrom(block);
      long place = firstPlaces[block];
      long step = read();
      for (int n = counts[block]; n < node; n++) {
        skip();
        step = read();
        place += step >>> 1;
      }
      flat = (step & 1) != 0;
      lastNode = node;
      lastPlace = place;
    }
    return lastPlace;
  }
}
