package dev.leakcheck.proof.virtual;

import dev.leakcheck.capture.base.Jdk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A heap dump in memory, by the ids of its objects. It keeps where each object is and reads it again
 * when it is asked for. Values that are no references are skipped. Not thread-safe.
 */
final class HeapImage {

  private static final String CONTAINERS = "jdk/internal/vm/ThreadContainers";
  private static final String REGISTRY = Registry.class.getName().replace('.', '/');
  private static final String OWN = REGISTRY.substring(0, REGISTRY.indexOf("proof/"));
  private static final Set<String> NOT_HOLDING =
      Set.of(
          "java/lang/ref/WeakReference",
          "java/lang/ref/SoftReference",
          "java/lang/ref/FinalReference");

  private static final int UTF8 = 0x01;
  private static final int LOADED_CLASS = 0x02;
  private static final int DUMP = 0x0c;
  private static final int SEGMENT = 0x1c;
  private static final int INSTANCE = 0x21;
  private static final int ARRAY = 0x22;
  private static final int REFERENCE = 2;

  private final ByteBuffer in;
  private final int idSize;
  private final Map<Long, String> names = new HashMap<>();
  private final Map<Long, String> classNames = new HashMap<>();
  private final Map<Long, Type> types = new HashMap<>();
  private final List<Long> roots = new ArrayList<>();

  /** What is on the stack of each thread, by the thread's number in the dump, and that number. */
  private final Map<Integer, List<Long>> frames = new HashMap<>();

  private final Map<Long, Integer> serials = new HashMap<>();

  /** Open addressing: id and place of each object that can refer to others. */
  private long[] ids = new long[1 << 16];

  private int[] places = new int[1 << 16];
  private int size;

  private long containers;

  /** A class: its own instance fields, of which one may be special. */
  private static final class Type {
    private final String name;
    private final long parent;
    private final byte[] fields;
    private final int special;
    private @Nullable Layout layout;

    Type(String name, long parent, byte[] fields, int special) {
      this.name = name;
      this.parent = parent;
      this.fields = fields;
      this.special = special;
    }
  }

  /**
   * An instance of a class, as it is in the dump.
   *
   * @param references where the references are, but for what a reference object refers to
   * @param special where the special field is, or -1
   * @param notHolding whether it is a weak, soft or final reference, and not LeakCheck's own
   * @param virtual whether it is a virtual thread
   */
  private record Layout(int[] references, int special, boolean notHolding, boolean virtual) {}

  private static final Layout NO_INSTANCE = new Layout(new int[0], -1, false, false);

  /** Reads it. */
  HeapImage(ByteBuffer dump) {
    in = dump;
    while (in.get() != 0) {
      // JAVA PROFILE 1.0.2
    }
    idSize = in.getInt();
    in.getLong(); // when it was taken
    while (in.remaining() > 0) {
      int tag = in.get();
      in.getInt();
      int length = in.getInt();
      int end = in.position() + length;
      switch (tag) {
        case UTF8 -> {
          long id = id();
          int begin = in.arrayOffset() + in.position();
          names.put(id, new String(in.array(), begin, length - idSize, StandardCharsets.UTF_8));
        }
        case LOADED_CLASS -> {
          in.getInt();
          long type = id();
          in.getInt();
          classNames.put(type, names.getOrDefault(id(), ""));
        }
        case DUMP, SEGMENT -> readSegment(end);
        default -> {}
      }
      in.position(end);
    }
  }

  private long id() {
    return idSize == Long.BYTES ? in.getLong() : Integer.toUnsignedLong(in.getInt());
  }

  private void skip(long bytes) {
    in.position(Math.toIntExact(in.position() + bytes));
  }

  private void readSegment(int end) {
    while (in.position() < end) {
      int place = in.position();
      int tag = in.get() & 0xff;
      switch (tag) {
        case 0xff, 0x05, 0x07 -> roots.add(id());
        case 0x01 -> { // held by native code
          roots.add(id());
          skip(idSize);
        }
        case 0x02, 0x03 -> { // on a stack
          long object = id();
          frames.computeIfAbsent(in.getInt(), serial -> new ArrayList<>()).add(object);
          in.getInt();
        }
        case 0x04, 0x06 -> {
          roots.add(id());
          in.getInt();
        }
        case 0x08 -> { // a thread
          long thread = id();
          serials.put(thread, in.getInt());
          in.getInt();
        }
        case 0x20 -> readClass();
        case INSTANCE -> {
          put(id(), place);
          skip(Integer.BYTES + idSize);
          skip(Integer.toUnsignedLong(in.getInt()));
        }
        case ARRAY -> {
          put(id(), place);
          in.getInt();
          long count = Integer.toUnsignedLong(in.getInt());
          skip(idSize + count * idSize);
        }
        case 0x23 -> { // numbers
          skip(idSize + Integer.BYTES);
          long count = Integer.toUnsignedLong(in.getInt());
          skip(count * width(in.get()));
        }
        default -> throw new IllegalStateException("record " + tag);
      }
    }
  }

  private void readClass() {
    long type = id();
    in.getInt();
    long parent = id();
    skip(5L * idSize + Integer.BYTES);
    for (int i = in.getShort() & 0xffff; i > 0; i--) {
      in.getShort();
      skip(width(in.get()));
    }
    String owner = classNames.getOrDefault(type, "");
    boolean enumerating = isEnumerating(owner);
    for (int i = in.getShort() & 0xffff; i > 0; i--) {
      long name = id();
      int sort = in.get();
      if (sort != REFERENCE) {
        skip(width(sort));
      } else if (!enumerating) {
        roots.add(id());
      } else {
        long value = id();
        containers = "CONTAINER_REGISTRY".equals(names.get(name)) ? value : containers;
      }
    }
    String wanted =
        switch (owner) {
          case "java/lang/ref/Reference" -> "referent";
          case "java/lang/Thread" -> "tid";
          default -> "";
        };
    byte[] fields = new byte[in.getShort() & 0xffff];
    int special = -1;
    for (int i = 0; i < fields.length; i++) {
      long name = id();
      fields[i] = in.get();
      if (!wanted.isEmpty() && wanted.equals(names.get(name))) {
        special = i;
      }
    }
    types.put(type, new Type(owner, parent, fields, special));
  }

  /** Whether its static fields list threads and wake none. */
  private static boolean isEnumerating(String owner) {
    return owner.startsWith(CONTAINERS)
        || owner.equals("java/util/concurrent/LeakCheckHooks")
        || owner.equals(REGISTRY);
  }

  private int width(int sort) {
    return switch (sort) {
      case REFERENCE -> idSize;
      case 4, 8 -> 1;
      case 5, 9 -> 2;
      case 6, 10 -> 4;
      case 7, 11 -> 8;
      default -> throw new IllegalStateException("type " + sort);
    };
  }

  private void put(long id, int place) {
    if (2 * size >= ids.length) {
      long[] oldIds = ids;
      int[] oldPlaces = places;
      ids = new long[2 * oldIds.length];
      places = new int[2 * oldIds.length];
      for (int i = 0; i < oldIds.length; i++) {
        if (oldIds[i] != 0) {
          insert(oldIds[i], oldPlaces[i]);
        }
      }
    }
    insert(id, place);
    size++;
  }

  private void insert(long id, int place) {
    int slot = hash(id);
    while (ids[slot] != 0) {
      slot = (slot + 1) & (ids.length - 1);
    }
    ids[slot] = id;
    places[slot] = place;
  }

  private int hash(long id) {
    return (int) ((id * 0x9e3779b97f4a7c15L) >>> 33) & (ids.length - 1);
  }

  /**
   * What is alive by itself: what static fields and the JVM hold, and threads with what is on their
   * stacks.
   *
   * @param without ids of virtual threads that are not taken for alive
   */
  void roots(Set<Long> without, LongConsumer to) {
    roots.forEach(to::accept);
    Set<Integer> left = new HashSet<>();
    serials.forEach(
        (object, serial) -> {
          int slot = slot(object);
          if (slot >= 0 && without.contains(threadId(slot))) {
            left.add(serial);
          } else {
            to.accept(object);
          }
        });
    frames.forEach(
        (serial, objects) -> {
          if (!left.contains(serial)) {
            objects.forEach(to::accept);
          }
        });
  }

  /** How many slots there are; not each has an object. */
  int slots() {
    return ids.length;
  }

  /** Where an object is, or -1 if it is none, or cannot refer to others. */
  int slot(long id) {
    int slot = hash(id);
    while (ids[slot] != 0) {
      if (ids[slot] == id) {
        return slot;
      }
      slot = (slot + 1) & (ids.length - 1);
    }
    return -1;
  }

  /** The object in a slot, or 0. */
  long id(int slot) {
    return ids[slot];
  }

  /** The set in which the JDK lists executors. */
  long containers() {
    return containers;
  }

  /** Whether it is a weak, soft or final reference, and not one of LeakCheck's own. */
  boolean isReference(int slot) {
    return layout(slot).notHolding;
  }

  /** What a reference refers to. */
  long referent(int slot) {
    in.position(values(slot) + layout(slot).special);
    return id();
  }

  /** The id of a virtual thread, or 0 if it is none. */
  long threadId(int slot) {
    Layout layout = layout(slot);
    return layout.virtual ? in.getLong(values(slot) + layout.special) : 0;
  }

  /** Whether it is a virtual thread whose stack is not in the dump. */
  boolean isWithoutStack(int slot) {
    return Jdk.FEATURE < 22 && layout(slot).virtual && !serials.containsKey(ids[slot]);
  }

  /** What an object refers to: not what a reference object refers to, nor its class. */
  void edges(int slot, LongConsumer to) {
    if (in.get(places[slot]) == ARRAY) {
      int count = in.getInt(places[slot] + 1 + idSize + Integer.BYTES);
      int begin = places[slot] + 1 + 2 * (idSize + Integer.BYTES);
      for (int i = 0; i < count; i++) {
        in.position(begin + i * idSize);
        to.accept(id());
      }
      return;
    }
    Layout layout = layout(slot);
    for (int offset : layout.references) {
      in.position(values(slot) + offset);
      to.accept(id());
    }
    if (layout.virtual) {
      frames.getOrDefault(serials.get(ids[slot]), List.of()).forEach(to::accept);
    }
  }

  /** Where the values of an instance begin. */
  private int values(int slot) {
    return places[slot] + 1 + 2 * (idSize + Integer.BYTES);
  }

  private Layout layout(int slot) {
    if (ids[slot] == 0 || in.get(places[slot]) != INSTANCE) {
      return NO_INSTANCE;
    }
    in.position(places[slot] + 1 + idSize + Integer.BYTES);
    Type type = types.get(id());
    if (type == null) {
      return NO_INSTANCE;
    }
    if (type.layout == null) {
      type.layout = layout(type);
    }
    return type.layout;
  }

  private Layout layout(Type own) {
    int[] references = new int[16];
    int count = 0;
    int special = -1;
    int offset = 0;
    boolean notHolding = false;
    boolean ours = false;
    for (Type type = own; type != null; type = types.get(type.parent)) {
      notHolding |= NOT_HOLDING.contains(type.name);
      ours |= type.name.startsWith(OWN);
      for (int i = 0; i < type.fields.length; i++) {
        if (i == type.special) {
          special = offset;
        } else if (type.fields[i] == REFERENCE) {
          references = count == references.length ? Arrays.copyOf(references, 2 * count) : references;
          references[count++] = offset;
        }
        offset += width(type.fields[i]);
      }
    }
    return new Layout(
        Arrays.copyOf(references, count),
        special,
        notHolding && !ours,
        own.name.equals("java/lang/VirtualThread"));
  }
}
