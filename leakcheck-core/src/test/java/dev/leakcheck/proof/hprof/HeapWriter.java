package dev.leakcheck.proof.hprof;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small heap dumps for tests: a main thread that runs, and a thread that takes. */
public final class HeapWriter {

  private static final int PARKED = 0x291;
  private static final int RUNNABLE = 5;

  private final int idSize;
  private final boolean mixed;
  private int[] virtual = {};
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final Map<String, Integer> strings = new LinkedHashMap<>();

  /** Something that is written. */
  private interface Part {
    void write(DataOutputStream out) throws IOException;
  }

  public HeapWriter(int idSize) {
    this(idSize, false);
  }

  /**
   * The same, if need be with the objects in no order.
   *
   * @param mixed whether they are
   */
  public HeapWriter(int idSize, boolean mixed) {
    this.idSize = idSize;
    this.mixed = mixed;
  }

  /** The same with virtual threads in these states, as the JDK numbers them. */
  public HeapWriter withVirtual(int... states) {
    virtual = states.clone();
    return this;
  }

  /**
   * The dump.
   *
   * @param holds whether a static field leads to the queue
   */
  public byte[] dump(boolean holds) {
    return dump(holds, 1);
  }

  /**
   * The same, where the thread that runs may not be the JVM's first.
   *
   * @param running its id
   */
  public byte[] dump(boolean holds, int running) {
    try {
      out.write("JAVA PROFILE 1.0.2\0".getBytes(StandardCharsets.ISO_8859_1));
      out.writeInt(idSize);
      out.writeLong(0);
      loadClass(1, 100, "java/lang/Object");
      loadClass(2, 101, "java/lang/Thread");
      loadClass(3, 102, "java/util/concurrent/LinkedBlockingQueue");
      loadClass(4, 103, "vendor/Shop");
      loadClass(5, 104, "jdk/internal/misc/Unsafe");
      loadClass(6, 105, "[Ljava/lang/Object;");
      if (virtual.length > 0) {
        loadClass(7, 106, "java/lang/VirtualThread");
      }
      frame(201, "park", 5, NATIVE);
      frame(202, "take", 3, 7);
      frame(203, "main", 4, 7);
      record(Records.TRACE, o -> trace(o, 1, 201, 202));
      record(Records.TRACE, o -> trace(o, 2, 201, 203));
      int tid = string("tid");
      int status = string("threadStatus");
      int held = string("HELD");
      int waiter = string("waiter");
      int state = string("state");
      record(
          Records.HEAP_DUMP_SEGMENT,
          o -> {
            classDump(o, 100, 0, new int[0][], new int[0][]);
            classDump(o, 101, 100, new int[0][], new int[][] {{tid, 11}, {status, 10}});
            classDump(o, 102, 100, new int[0][], new int[][] {{waiter, 2}});
            classDump(o, 103, 100, new int[][] {{held, 2, holds ? 303 : 0}}, new int[0][]);
            classDump(o, 104, 100, new int[0][], new int[0][]);
            classDump(o, 105, 100, new int[0][], new int[0][]);
            if (virtual.length > 0) {
              classDump(o, 106, 101, new int[0][], new int[][] {{state, 10}});
            }
          });
      record(
          Records.HEAP_DUMP_SEGMENT,
          o -> {
            List<Part> objects = new ArrayList<>();
            objects.add(to -> thread(to, 301, 11, PARKED, 1));
            objects.add(to -> thread(to, 302, running, RUNNABLE, 2));
            objects.add(to -> instance(to, 303, 102, value -> id(value, 304)));
            objects.add(
                to -> {
                  to.writeByte(Records.OBJECT_ARRAY_DUMP);
                  id(to, 304);
                  to.writeInt(0);
                  to.writeInt(1);
                  id(to, 105);
                  id(to, 301);
                });
            objects.add(
                to -> {
                  to.writeByte(Records.PRIMITIVE_ARRAY_DUMP);
                  id(to, 305);
                  to.writeInt(0);
                  to.writeInt(3);
                  to.writeByte(8);
                  to.write(new byte[] {1, 2, 3});
                });
            for (int i : mixed ? new int[] {0, 4, 1, 3, 2} : new int[] {0, 1, 2, 3, 4}) {
              objects.get(i).write(o);
            }
            for (int i = 0; i < virtual.length; i++) {
              int stateOfOne = virtual[i];
              instance(
                  o,
                  310 + i,
                  106,
                  value -> {
                    value.writeInt(stateOfOne);
                    value.writeLong(20);
                    value.writeInt(0);
                  });
            }
            root(o, Records.ROOT_JAVA_FRAME, 303, 1, 1);
            root(o, Records.ROOT_JNI_LOCAL, 305, 2, 0);
            o.writeByte(Records.ROOT_STICKY_CLASS);
            id(o, 100);
            o.writeByte(Records.ROOT_JNI_GLOBAL);
            id(o, 305);
            id(o, 1);
          });
      record(0x2c, o -> {});
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void thread(DataOutputStream o, int object, long tid, int status, int serial)
      throws IOException {
    instance(
        o,
        object,
        101,
        value -> {
          value.writeLong(tid);
          value.writeInt(status);
        });
    root(o, Records.ROOT_THREAD_OBJECT, object, serial, serial);
  }

  private void root(DataOutputStream o, int sort, int object, int thread, int more)
      throws IOException {
    o.writeByte(sort);
    id(o, object);
    o.writeInt(thread);
    o.writeInt(more);
  }

  private void instance(DataOutputStream o, int object, int type, Part fields) throws IOException {
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    fields.write(new DataOutputStream(values));
    o.writeByte(Records.INSTANCE_DUMP);
    id(o, object);
    o.writeInt(0);
    id(o, type);
    o.writeInt(values.size());
    values.writeTo(o);
  }

  private void classDump(DataOutputStream o, int type, int parent, int[][] statics, int[][] fields)
      throws IOException {
    o.writeByte(Records.CLASS_DUMP);
    id(o, type);
    o.writeInt(0);
    id(o, parent);
    for (int i = 0; i < 5; i++) {
      id(o, 0);
    }
    o.writeInt(0);
    o.writeShort(0);
    o.writeShort(statics.length);
    for (int[] field : statics) {
      id(o, field[0]);
      o.writeByte(field[1]);
      id(o, field[2]);
    }
    o.writeShort(fields.length);
    for (int[] field : fields) {
      id(o, field[0]);
      o.writeByte(field[1]);
    }
  }

  private void loadClass(int serial, int type, String name) throws IOException {
    int string = string(name);
    record(
        Records.LOAD_CLASS,
        o -> {
          o.writeInt(serial);
          id(o, type);
          o.writeInt(0);
          id(o, string);
        });
  }

  private static final int NATIVE = -3;

  private void frame(int frame, String method, int serial, int line) throws IOException {
    int string = string(method);
    record(
        Records.FRAME,
        o -> {
          id(o, frame);
          id(o, string);
          id(o, string);
          id(o, 0);
          o.writeInt(serial);
          o.writeInt(line);
        });
  }

  private void trace(DataOutputStream o, int serial, int... frames) throws IOException {
    o.writeInt(serial);
    o.writeInt(serial);
    o.writeInt(frames.length);
    for (int frame : frames) {
      id(o, frame);
    }
  }

  private int string(String text) throws IOException {
    Integer known = strings.get(text);
    if (known != null) {
      return known;
    }
    int string = 1000 + strings.size();
    strings.put(text, string);
    record(
        Records.UTF8,
        o -> {
          id(o, string);
          o.write(text.getBytes(StandardCharsets.UTF_8));
        });
    return string;
  }

  private void id(DataOutputStream o, int id) throws IOException {
    if (idSize == 8) {
      o.writeLong(id);
    } else {
      o.writeInt(id);
    }
  }

  private void record(int tag, Part body) throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    body.write(new DataOutputStream(written));
    out.writeByte(tag);
    out.writeInt(0);
    out.writeInt(written.size());
    written.writeTo(out);
  }
}
