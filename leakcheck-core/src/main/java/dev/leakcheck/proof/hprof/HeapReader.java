package dev.leakcheck.proof.hprof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Reads a dump once, from its beginning to its end, and notes where things are. Of values nothing
 * is read. What does not add up is refused in one line. Used by one thread.
 */
public final class HeapReader {

  private static final String MAGIC = "JAVA PROFILE 1.0.";

  /** What going through it takes for each object, besides the index. */
  private static final long BYTES_OF_WALKS = 6;

  private static final int DEEPEST_CLASS = 10_000;

  private final PagedFile file;
  private final long memory;
  private final LongConsumer progress;
  private final int idSize;

  private final Names names;
  private final Stacks stacks;
  private final LongTable nameOfClass = new LongTable();
  private final ObjectTable objects;
  private final List<HeapClass> classes = new ArrayList<>();
  private final Roots roots = new Roots();
  private final Collecting collecting = new Collecting(roots);
  private long at;
  private long end;

  private HeapReader(PagedFile file, long memory, LongConsumer progress) throws IOException {
    this.file = file;
    this.memory = memory;
    this.progress = progress;
    byte[] head = file.bytes(0, (int) Math.min(32, file.size()));
    int zero = 0;
    while (zero < head.length && head[zero] != 0) {
      zero++;
    }
    if (zero == head.length
        || !new String(head, 0, zero, StandardCharsets.ISO_8859_1).startsWith(MAGIC)) {
      throw new MalformedHeapException("that is no heap dump: it does not begin with " + MAGIC);
    }
    this.idSize = file.s4(zero + 1L);
    if (idSize != 4 && idSize != 8) {
      throw new MalformedHeapException("the heap dump has ids of " + idSize + " bytes");
    }
    this.names = new Names(file, idSize);
    this.stacks = new Stacks(file, idSize, names);
    this.objects = new ObjectTable(file, idSize);
    this.at = zero + 13L;
  }

  /**
   * Reads a file.
   *
   * @param path the file
   * @param memory how many bytes of memory the index may take
   * @param progress is told from time to time how many bytes were read
   * @return what leads where, to be closed
   * @throws MalformedHeapException if it is no whole heap dump, or takes more memory; one line
   * @throws IOException if it can't be read
   */
  public static Heap read(Path path, long memory, LongConsumer progress) throws IOException {
    PagedFile file = new PagedFile(path);
    try {
      return new HeapReader(file, memory, progress).read();
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private Heap read() throws IOException {
    boolean heapSeen = false;
    long records = 0;
    while (at < file.size()) {
      int tag = file.u1(at);
      long body = at + 9;
      long next = body + file.u4(at + 5);
      if (next > file.size()) {
        throw new MalformedHeapException(
            "the heap dump is cut short: a record at byte " + at + " is longer than the file");
      }
      end = next;
      at = body;
      switch (tag) {
        case Records.UTF8 -> {
          names.add(id(), body - 4);
          if (collecting.mayBe(end - at)) {
            collecting.named(id(body), names.at(body - 4));
          }
        }
        case Records.LOAD_CLASS -> loaded();
        case Records.FRAME -> stacks.frame(id(), at);
        case Records.TRACE -> stacks.trace(file.u4(take(4)), at);
        case Records.HEAP_DUMP, Records.HEAP_DUMP_SEGMENT -> {
          if (!heapSeen) {
            heapSeen = true;
            sealNames();
          }
          segment();
        }
        default -> {}
      }
      at = next;
      progress.accept(at);
      if ((++records & 1023) == 0) {
        requireRoom();
      }
    }
    if (!heapSeen) {
      throw new MalformedHeapException("the heap dump has no heap in it");
    }
    requireRoom();
    sealNames();
    stacks.seal();
    objects.seal();
    return new Heap(file, idSize, names, stacks, objects, linked(), roots);
  }

  private void sealNames() {
    names.seal();
    nameOfClass.seal();
  }

  private void loaded() throws IOException {
    long serial = file.u4(take(4));
    long type = id();
    take(4);
    stacks.loaded(serial, type);
    long name = id();
    nameOfClass.add(type, name);
    collecting.loaded(type, name);
  }

  private void segment() throws IOException {
    while (at < end) {
      int tag = file.u1(take(1));
      switch (tag) {
        case Records.ROOT_UNKNOWN -> roots.globals.add(id());
        case Records.ROOT_JNI_GLOBAL -> {
          roots.globals.add(id());
          take(idSize);
        }
        case Records.ROOT_JNI_LOCAL, Records.ROOT_JAVA_FRAME -> {
          long object = id();
          long thread = file.u4(take(4));
          roots.local(object, thread, file.s4(take(4)));
        }
        case Records.ROOT_NATIVE_STACK, Records.ROOT_THREAD_BLOCK -> {
          long object = id();
          roots.local(object, file.u4(take(4)), -1);
        }
        case Records.ROOT_STICKY_CLASS -> roots.sticky.add(id());
        case Records.ROOT_MONITOR_USED -> take(idSize);
        case Records.ROOT_THREAD_OBJECT -> {
          long object = id();
          long thread = file.u4(take(4));
          roots.thread(object, thread, file.u4(take(4)));
        }
        case Records.CLASS_DUMP -> classDump();
        case Records.INSTANCE_DUMP -> {
          object(at - 1, false);
          take(idSize + 4L);
          long type = id();
          Longs collected = collecting.of(type);
          if (collected != null) {
            collected.add(id(at - 2L * idSize - 4));
          }
          take(file.u4(take(4)));
        }
        case Records.OBJECT_ARRAY_DUMP -> {
          object(at - 1, false);
          take(idSize + 4L);
          long length = file.u4(take(4));
          take(idSize + length * idSize);
        }
        case Records.PRIMITIVE_ARRAY_DUMP -> {
          object(at - 1, true);
          take(idSize + 4L);
          long length = file.u4(take(4));
          take(length * Records.size(file.u1(take(1)), idSize));
        }
        default ->
            throw new MalformedHeapException(
                "the heap dump has a record of no known sort at byte " + (at - 1));
      }
    }
  }

  private void object(long place, boolean flat) throws IOException {
    objects.add(id(at), place, flat);
    if ((objects.size() & 1023) == 0) {
      requireRoom();
    }
  }

  private void requireRoom() throws IOException {
    long taken =
        objects.bytes()
            + BYTES_OF_WALKS * objects.size()
            + names.bytes()
            + nameOfClass.bytes()
            + stacks.bytes()
            + roots.bytes()
            + 200L * classes.size();
    if (taken > memory) {
      throw new MalformedHeapException(
          "the index of the heap dump would take more than the "
              + (memory < 1 << 20 ? (memory >> 10) + " KB" : (memory >> 20) + " MB")
              + " of memory that it may");
    }
  }

  private void classDump() throws IOException {
    final long record = at;
    long id = id();
    take(4);
    long superId = id();
    take(5L * idSize + 4);
    for (int n = file.u2(take(2)); n > 0; n--) {
      take(2);
      take(Records.size(file.u1(take(1)), idSize));
    }
    for (int n = file.u2(take(2)); n > 0; n--) {
      take(idSize);
      take(Records.size(file.u1(take(1)), idSize));
    }
    final long fields = at;
    int[] references = new int[8];
    int count = 0;
    int size = 0;
    for (int n = file.u2(take(2)); n > 0; n--) {
      take(idSize);
      int type = file.u1(take(1));
      if (type == Records.OBJECT) {
        if (count == references.length) {
          references = Arrays.copyOf(references, 2 * count);
        }
        references[count++] = size;
      }
      size += Records.size(type, idSize);
    }
    String name = names.of(nameOfClass.get(id, 0)).replace('/', '.');
    int hidden = name.indexOf("+0x");
    classes.add(
        new HeapClass(
            id,
            superId,
            record,
            fields,
            size,
            Arrays.copyOf(references, count),
            hidden < 0 ? name : name.substring(0, hidden),
            hidden >= 0));
  }

  private List<HeapClass> linked() throws IOException {
    LongTable byId = new LongTable();
    for (int i = 0; i < classes.size(); i++) {
      byId.add(classes.get(i).id, i);
    }
    byId.seal();
    for (HeapClass type : classes) {
      int place = byId.find(type.superId);
      if (place >= 0) {
        type.parent(classes.get((int) byId.value(place)));
      } else if (type.superId != 0) {
        throw new MalformedHeapException("the heap dump lacks a class that another one extends");
      }
    }
    for (HeapClass type : classes) {
      int depth = 0;
      for (HeapClass up = type; up != null; up = up.parent()) {
        if (++depth > DEEPEST_CLASS) {
          throw new MalformedHeapException("the heap dump has a class that extends itself");
        }
      }
    }
    return classes;
  }

  private long id() throws IOException {
    return id(take(idSize));
  }

  private long id(long place) throws IOException {
    return idSize == 8 ? file.s8(place) : file.u4(place);
  }

  /** Goes on by some bytes of the record; returns where they begin. */
  private long take(long bytes) throws IOException {
    long from = at;
    if (bytes > end - from) {
      throw new MalformedHeapException(
          "the heap dump has a record that does not end where it says, at byte " + from);
    }
    at = from + bytes;
    return from;
  }
}
