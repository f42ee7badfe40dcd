package dev.leakcheck.proof.hprof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Of which classes all objects are noted as they are read. A dump tells no fields of a {@code
 * java.lang.Class}, so whatever may be in one is taken for held. Not noted are of these: strings
 * and classes, of which nothing is proved anyway; signers and the protection domain, which the dump
 * tells; and enum constants, which are in static fields. Used by one thread.
 */
final class Collecting {

  private static final String CLASS_VALUES = "java/lang/ClassValue$ClassValueMap";
  private static final String VIRTUAL_THREAD = "java/lang/VirtualThread";

  private final Map<String, Longs> wanted = new HashMap<>();
  private final Map<Long, Longs> byName = new HashMap<>();
  private final Longs types = new Longs();
  private final List<Longs> objects = new ArrayList<>();
  private long lengths;
  private long lastType;
  private @Nullable Longs last;

  Collecting(Roots roots) {
    for (Collected sort : Collected.values()) {
      for (String name : sort.classes()) {
        wanted.put(name.replace('.', '/'), roots.collected(sort));
      }
    }
    wanted.put(CLASS_VALUES, roots.classValues);
    wanted.put(VIRTUAL_THREAD, roots.virtualThreads);
    wanted.keySet().forEach(name -> lengths |= 1L << name.length());
  }

  /** Whether a name of so many bytes may be one of them, so that most others need not be read. */
  boolean mayBe(long bytes) {
    return bytes < Long.SIZE && (lengths >> bytes & 1) != 0;
  }

  void named(long id, String name) {
    Longs all = wanted.get(name);
    if (all != null) {
      byName.put(id, all);
    }
  }

  void loaded(long type, long name) {
    Longs all = byName.get(name);
    if (all != null) {
      types.add(type);
      objects.add(all);
      lastType = 0;
      last = null;
    }
  }

  /** Where an object of a class is noted, or null. */
  @Nullable Longs of(long type) {
    if (type != lastType) {
      lastType = type;
      last = null;
      for (int i = 0; i < types.size() && last == null; i++) {
        last = types.get(i) == type ? objects.get(i) : null;
      }
    }
    return last;
  }
}
