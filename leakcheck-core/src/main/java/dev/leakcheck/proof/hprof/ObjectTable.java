package dev.leakcheck.proof.hprof;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where each object of a dump is written, found by its id or by its number. It takes some three
 * bytes an object: a JVM writes objects nearly in the order of their ids and side by side, so each
 * but the first of a block is kept as how far its id and its place are from those of the one before
 * it. Where a file is in no such order, they are {@linkplain ScatteredObjects kept otherwise}.
 * Filled first, then {@linkplain #seal sealed} and asked. Not thread-safe.
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

  /** Of every so many objects it is kept which block they are in. */
  private static final int KEPT_BITS = 8;

  /** So many for an object, and blocks are too small: scattered ones take fewer. */
  private static final long MOST_FOR_ONE = 6;

  /** So often it is looked whether that is so. */
  private static final int OFTEN = 1024;

  private final PagedFile file;
  private final int idSize;

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
  private boolean flat;

  /** The block that was looked into last: what is made together lies side by side. */
  private int lastBlock;

  /** Of every so many objects, the block that has it. */
  private int[] blockOf = new int[0];

  private final Cursor ids = new Cursor();

  /** Stands behind the object that was asked for last: others are asked for in a row. */
  private final Cursor places = new Cursor();

  private int lastNode = -1;
  private int firstBehind;
  private boolean lastFlat;

  private @Nullable ScatteredObjects scattered;

  ObjectTable(PagedFile file, int idSize) {
    this.file = file;
    this.idSize = idSize;
  }

  /**
   * Adds an object, whose record lies behind those of the objects that were added before.
   *
   * @param isFlat whether it leads nowhere
   */
  void add(long id, long place, boolean isFlat) throws IOException {
    if (scattered != null) {
      scattered.add(id, place);
      return;
    }
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
    if (size % OFTEN == 0 && BYTES_A_BLOCK * blocks + written > MOST_FOR_ONE * size + CHUNK) {
      scatter();
    }
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

  int size() {
    return scattered == null ? size : scattered.size();
  }

  /** The most it can take in memory, in bytes, while it grows to what it holds now. */
  long bytes() {
    return scattered != null
        ? scattered.bytes()
        : BYTES_A_BLOCK * firstIds.length + written + CHUNK + ((4L * size) >> KEPT_BITS);
  }

  /** Puts the blocks into the order of ids, if they do not overlap. */
  void seal() throws IOException {
    if (scattered == null && !order()) {
      scatter();
    }
    if (scattered != null) {
      scattered.seal();
    }
  }

  /** Keeps them as ones that are in no order. */
  private void scatter() throws IOException {
    ScatteredObjects all = new ScatteredObjects(file, idSize);
    for (int i = 0; i < blocks; i++) {
      long id = firstIds[i];
      long place = firstPlaces[i];
      ids.to(i);
      ids.skip();
      all.add(id, place);
      for (int n = 1; n < counts[i]; n++) {
        id += Long.rotateLeft(ids.read(), 3);
        place += ids.read() >>> 1;
        all.add(id, place);
      }
    }
    scattered = all;
    firstIds = new long[0];
    firstPlaces = new long[0];
    starts = new long[0];
    counts = new int[0];
    chunks = new byte[0][];
    blocks = 0;
  }

  /** Whether that could be done; else they are as they were. */
  private boolean order() {
    int[] order = byFirstIds();
    if (overlap(order)) {
      return false;
    }
    permute(order);
    int before = 0;
    blockOf = new int[(size + (1 << KEPT_BITS) - 1) >> KEPT_BITS];
    int kept = 0;
    for (int i = 0; i < blocks; i++) {
      int count = counts[i];
      counts[i] = before;
      before += count;
      for (; kept << KEPT_BITS < before; kept++) {
        blockOf[kept] = i;
      }
    }
    return true;
  }

  /** The blocks in the order of their first ids; of such as begin alike one is told twice. */
  private int[] byFirstIds() {
    LongTable byId = new LongTable();
    for (int i = 0; i < blocks; i++) {
      byId.add(firstIds[i], i);
    }
    byId.seal();
    long[] sorted = Arrays.copyOf(firstIds, blocks);
    Arrays.sort(sorted);
    int[] order = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      order[i] = (int) byId.get(sorted[i], -1);
    }
    return order;
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

  private boolean overlap(int[] order) {
    for (int i = 0; i + 1 < blocks; i++) {
      int block = order[i];
      long id = firstIds[block];
      ids.to(block);
      ids.skip();
      for (int n = 1; n < counts[block]; n++) {
        id += Long.rotateLeft(ids.read(), 3);
        ids.skip();
      }
      if (id >= firstIds[order[i + 1]]) {
        return true;
      }
    }
    return false;
  }

  /** The number of an object, or a negative one. */
  int find(long wanted) {
    if (scattered != null) {
      return scattered.find(wanted);
    }
    int block = lastBlock;
    if (blocks == 0 || wanted < firstIds[block] || wanted >= endId(block)) {
      int found = Arrays.binarySearch(firstIds, 0, blocks, wanted);
      block = found >= 0 ? found : -found - 2;
      if (block < 0) {
        return -1;
      }
      lastBlock = block;
    }
    int behind = firstBehind(block);
    ids.to(block);
    long id = firstIds[block];
    for (int node = counts[block]; ; id += Long.rotateLeft(ids.read(), 3)) {
      if (id >= wanted) {
        flat = (ids.read() & 1) != 0;
        return id == wanted ? node : -1;
      }
      ids.skip();
      if (++node == behind) {
        return -1;
      }
    }
  }

  private long endId(int block) {
    return block + 1 < blocks ? firstIds[block + 1] : Long.MAX_VALUE;
  }

  /** Whether the object that was found or asked for last leads nowhere. */
  boolean isFlat() {
    return scattered == null ? flat : scattered.isFlat();
  }

  /** Where an object is written, by its number. */
  long place(int node) throws IOException {
    if (scattered != null) {
      return scattered.place(node);
    }
    if (node < lastNode || node >= firstBehind) {
      int block = blockWith(node);
      places.to(block);
      lastNode = counts[block];
      lastPlace = firstPlaces[block];
      firstBehind = firstBehind(block);
      lastFlat = (places.read() & 1) != 0;
    }
    for (; lastNode < node; lastNode++) {
      places.skip();
      long step = places.read();
      lastPlace += step >>> 1;
      lastFlat = (step & 1) != 0;
    }
    flat = lastFlat;
    return lastPlace;
  }

  private int blockWith(int node) {
    int kept = node >> KEPT_BITS;
    int from = blockOf[kept];
    int to = kept + 1 < blockOf.length ? Math.min(blockOf[kept + 1] + 1, blocks) : blocks;
    int found = Arrays.binarySearch(counts, from, to, node);
    return found >= 0 ? found : -found - 2;
  }

  /** The number of the first object behind a block. */
  private int firstBehind(int block) {
    return block + 1 < blocks ? counts[block + 1] : size;
  }

  /** Goes through the bytes of a block. */
  private final class Cursor {

    private byte[] chunk = new byte[0];
    private int at;

    void to(int block) {
      chunk = chunks[(int) (starts[block] >> CHUNK_BITS)];
      at = (int) starts[block] & (CHUNK - 1);
    }

    long read() {
      byte value = chunk[at++];
      if (value >= 0) {
        return value;
      }
      long number = value & 0x7f;
      for (int shift = 7; ; shift += 7) {
        value = chunk[at++];
        number |= (value & 0x7fL) << shift;
        if (value >= 0) {
          return number;
        }
      }
    }

    void skip() {
      while (chunk[at++] < 0) {
        // of a number
      }
    }
  }
}
