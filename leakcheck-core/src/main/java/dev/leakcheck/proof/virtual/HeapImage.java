package dev.leakcheck.proof.virtual;

import dev.leakcheck.capture.base.Jdk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

  private static final String OWN = own();
  private static final String CONTAINERS = "jdk/internal/vm/ThreadContainers";
  private static final String REGISTRY = Registry.class.getName().replace('.', '/');
  private static final int INSTANCE = 0x21;
  private static final int ARRAY = 0x22;

  private final ByteBuffer in;
  private final int idSize;
  private final Map<Long, Integer> names = new HashMap<>();
  private final Map<Long, Long> nameOfClass = new HashMap<>();
  private final Map<Long, Type> types = new HashMap<>();
  private final Map<Integer, List<Long>> frames = new HashMap<>();
  private final Map<Long, Integer> serials = new HashMap<>();

  /** Open addressing: id and place of each object. */
  private long[] ids = new long[1 << 16];

  private int[] places = new int[1 << 16];
  private int size;

  private final List<Long> roots = new ArrayList<>();
  private long containers;

  /** A class: what its own instance fields are, and what follows from its name. */
  private static final class Type {
    private final long parent;
    private final byte[] fields;
    private final int referent;
    private final int tid;
    private @Nullable String name;
    private @Nullable Boolean reference;

    Type(long parent, byte[] fields, int referent, int tid) {
      this.parent = parent;
      this.fields = fields;
      this.referent = referent;
      this.tid = tid;
    }
  }

  /** Reads it. */
  HeapImage(ByteBuffer dump) {
    in = dump;
    while (in.get() != 0) {
      // JAVA PROFILE 1.0.2
    }
    idSize = in.getInt();
    in.getLong(); // when it was taken
    while (in.remaining() >= 9) {
      int tag = in.get();
      in.getInt();
      int length = in.getInt();
      int end = in.position() + length;
      switch (tag) {
        case 0x01 -> {
          long id = id();
          names.put(id, in.position());
          lengths(in.position(), end);
        }
        case 0x02 -> {
          in.getInt();
          long type = id();
          in.getInt();
          nameOfClass.put(type, id());
        }
        case 0x0c, 0x1c -> readSegment(end);
        default -> {}
      }
      in.position(end);
    }
  }

  private final Map<Integer, Integer> nameEnds = new HashMap<>();

  private void lengths(int begin, int end) {
    nameEnds.put(begin, end);
  }

  private static String own() {
    String own = HeapImage.class.getPackageName();
    return own.substring(0, own.indexOf(".proof")) + ".";
  }

  private long id() {
    return idSize == 8 ? in.getLong() : in.getInt() & 0xffffffffL;
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
        case 0x01 -> {
          roots.add(id());
          skip(idSize);
        }
        case 0x02, 0x03 -> {
          long object = id();
          frames.computeIfAbsent(in.getInt(), serial -> new ArrayList<>()).add(object);
          in.getInt();
        }
        case 0x04, 0x06 -> {
          roots.add(id());
          in.getInt();
        }
        case 0x08 -> {
          long thread = id();
          serials.put(thread, in.getInt());
          in.getInt();
        }
        case 0x20 -> readClass();
        case INSTANCE -> {
          put(id(), place);
          skip(4L + idSize);
          skip(Integer.toUnsignedLong(in.getInt()));
        }
        case ARRAY -> {
          put(id(), place);
          in.getInt();
          long count = Integer.toUnsignedLong(in.getInt());
          skip(idSize + count * idSize);
        }
        case 0x23 -> {
          skip(idSize + 4L);
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
    skip(5L * idSize + 4);
    for (int i = in.getShort() & 0xffff; i > 0; i--) {
      in.getShort();
      skip(width(in.get()));
    }
    String owner = text(nameOfClass.getOrDefault(type, 0L));
    for (int i = in.getShort() & 0xffff; i > 0; i--) {
      long name = id();
      int sort = in.get();
      if (sort != 2) {
        skip(width(sort));
      } else if (owner.equals(CONTAINERS) && text(name).equals("CONTAINER_REGISTRY")) {
        containers = id();
      } else {
        long value = id();
        if (!isEnumerating(owner)) {
          roots.add(value);
        }
      }
    }
    int count = in.getShort() & 0xffff;
    byte[] fields = new byte[count];
    String special =
        switch (owner) {
          case "java/lang/ref/Reference" -> "referent";
          case "java/lang/Thread" -> "tid";
          default -> null;
        };
    int referent = -1;
    int tid = -1;
    for (int i = 0; i < count; i++) {
      long name = id();
      fields[i] = in.get();
      if (special != null && special.equals(text(name))) {
        referent = special.equals("referent") ? i : referent;
        tid = special.equals("tid") ? i : tid;
      }
    }
    types.put(type, new Type(parent, fields, referent, tid));
  }

  /** Whether its static fields list threads and wake none. */
  private static boolean isEnumerating(String owner) {
    return owner.startsWith(CONTAINERS)
        || owner.equals("java/util/concurrent/LeakCheckHooks")
        || owner.equals(REGISTRY);
  }

  private int width(int sort) {
    return switch (sort) {
      case 2 -> idSize;
      case 4, 8 -> 1;
      case 5, 9 -> 2;
      case 6, 10 -> 4;
      case 7, 11 -> 8;
      default -> throw new IllegalStateException("type " + sort);
    };
  }

  private String text(long name) {
    Integer begin = names.get(name);
    if (begin == null) {
      return "";
    }
    int length = nameEnds.getOrDefault(begin, begin) - begin;
    return new String(in.array(), in.arrayOffset() + begin, length, StandardCharsets.UTF_8);
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

  /** Where an object is, or -1 if it is none, or has no references. */
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

  private @Nullable Type typeAt(int slot) {
    if (ids[slot] == 0 || in.get(places[slot]) != INSTANCE) {
      return null;
    }
    in.position(places[slot] + 1 + idSize + 4);
    return types.get(id());
  }

  private String name(long type) {
    Type known = types.get(type);
    if (known == null) {
      return "";
    }
    if (known.name == null) {
      known.name = text(nameOfClass.getOrDefault(type, 0L)).replace('/', '.');
    }
    return known.name;
  }

  private long classAt(int slot) {
    in.position(places[slot] + 1 + idSize + 4);
    return id();
  }

  /** Whether it is a weak, soft or final reference, and not one of LeakCheck's own. */
  boolean isReference(int slot) {
    Type type = typeAt(slot);
    if (type == null) {
      return false;
    }
    if (type.reference == null) {
      type.reference = isReference(classAt(slot));
    }
    return type.reference;
  }

  private boolean isReference(long own) {
    long each = own;
    for (Type type; (type = types.get(each)) != null; each = type.parent) {
      String name = name(each);
      if (name.startsWith(OWN)) {
        return false;
      }
      if (name.equals("java.lang.ref.WeakReference")
          || name.equals("java.lang.ref.SoftReference")
          || name.equals("java.lang.ref.FinalReference")) {
        return true;
      }
    }
    return false;
  }

  /** What a reference refers to. */
  long referent(int slot) {
    long[] referent = {0};
    fields(slot, (type, i, sort) -> referent[0] = i == type.referent ? id() : referent[0]);
    return referent[0];
  }

  /** The id of a thread, or 0 if it is none. */
  long threadId(int slot) {
    if (!"java.lang.VirtualThread".equals(nameAt(slot))) {
      return 0;
    }
    long[] tid = {0};
    fields(slot, (type, i, sort) -> tid[0] = i == type.tid ? in.getLong() : tid[0]);
    return tid[0];
  }

  /** Whether it is a thread whose stack is not in the dump. */
  boolean isWithoutStack(int slot) {
    return Jdk.FEATURE < 22
        && "java.lang.VirtualThread".equals(nameAt(slot))
        && !serials.containsKey(ids[slot]);
  }

  private @Nullable String nameAt(int slot) {
    return typeAt(slot) == null ? null : name(classAt(slot));
  }

  private interface OfField {
    /** The value is next in the dump; it need not be read. */
    void field(Type type, int index, int sort);
  }

  private void fields(int slot, OfField visitor) {
    int at = places[slot] + 1 + idSize + 4 + idSize + 4;
    for (Type type = types.get(classAt(slot)); type != null; type = types.get(type.parent)) {
      for (int i = 0; i < type.fields.length; i++) {
        in.position(at);
        visitor.field(type, i, type.fields[i]);
        at += width(type.fields[i]);
      }
    }
  }

  /** What an object refers to: not what a reference object refers to, nor its class. */
  void edges(int slot, LongConsumer to) {
    if (in.get(places[slot]) == ARRAY) {
      in.position(places[slot] + 1 + idSize + 4);
      int count = in.getInt();
      int at = in.position() + idSize;
      for (int i = 0; i < count; i++) {
        in.position(at + i * idSize);
        to.accept(id());
      }
      return;
    }
    fields(
        slot,
        (type, i, sort) -> {
          if (sort == 2 && i != type.referent) {
            to.accept(id());
          }
        });
    Integer serial = serials.get(ids[slot]);
    if (serial != null) {
      frames.getOrDefault(serial, List.of()).forEach(to::accept);
    }
  }
}
