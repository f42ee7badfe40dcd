package dev.leakcheck.capture.objects;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The table in which the JDK keeps a thread's thread-locals, read through private fields: nothing
 * is there if they are not opened, or are others in this JDK. They are looked up when this class is
 * first used, by when an agent has opened the JDK. Thread-safe.
 */
final class ThreadLocalTable {

  private static final @Nullable Object[] NONE = {};

  private static final @Nullable VarHandle MAP;
  private static final @Nullable VarHandle TABLE;
  private static final @Nullable VarHandle VALUE;

  static {
    VarHandle map = null;
    VarHandle table = null;
    VarHandle value = null;
    try {
      MethodHandles.Lookup self = MethodHandles.lookup();
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, self);
      Class<?> mapType = lookup.findClass("java.lang.ThreadLocal$ThreadLocalMap");
      Class<?> entryType = lookup.findClass("java.lang.ThreadLocal$ThreadLocalMap$Entry");
      map = lookup.findVarHandle(Thread.class, "threadLocals", mapType);
      table =
          MethodHandles.privateLookupIn(mapType, self)
              .findVarHandle(mapType, "table", entryType.arrayType());
      value =
          MethodHandles.privateLookupIn(entryType, self)
              .findVarHandle(entryType, "value", Object.class);
    } catch (ReflectiveOperationException otherJdk) {
      map = null;
    }
    MAP = map;
    TABLE = table;
    VALUE = value;
  }

  private ThreadLocalTable() {}

  /** Whether the JDK is opened and as it is known. */
  static boolean isReadable() {
    return MAP != null;
  }

  /** What a thread keeps: weak references to thread-locals, and nulls. Not to be written to. */
  static @Nullable Object[] entries(Thread thread) {
    VarHandle map = MAP;
    VarHandle table = TABLE;
    if (map == null || table == null) {
      return NONE;
    }
    Object locals = (Object) map.get(thread);
    return locals != null && (Object) table.get(locals) instanceof Object[] entries
        ? entries
        : NONE;
  }

  /** The value in an entry. */
  static @Nullable Object value(Object entry) {
    VarHandle value = VALUE;
    return value == null ? null : (Object) value.get(entry);
  }
}
