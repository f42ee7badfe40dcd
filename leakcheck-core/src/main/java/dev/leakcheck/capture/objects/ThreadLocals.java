package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.WeakKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What threads keep in thread-locals, read where the JDK keeps it, which an agent has opened.
 * Nothing is written, no user code is called and nothing is held. What is read of a thread that
 * runs may be out of date. Thread-safe.
 */
public final class ThreadLocals {

  private static final long[] NONE = {};

  private static volatile @Nullable Supplier<Class<?>[]> loaded;

  private ThreadLocals() {}

  /** Opened when it is first used, by when an agent has opened the JDK. */
  private static final class Access {
    static final @Nullable VarHandle MAP;
    static final @Nullable VarHandle TABLE;
    static final @Nullable VarHandle VALUE;

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
  }

  /** Per-thread caches by design: whoever asks for the value anew gets a new one. */
  private static final ClassValue<Boolean> HAS_INITIAL_VALUE =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          for (Class<?> declaring = type;
              declaring != null && declaring != ThreadLocal.class;
              declaring = declaring.getSuperclass()) {
            try {
              for (Method method : declaring.getDeclaredMethods()) {
                if (method.getName().equals("initialValue") && method.getParameterCount() == 0) {
                  return true;
                }
              }
            } catch (SecurityException | LinkageError e) {
              return true;
            }
          }
          return false;
        }
      };

  /**
   * A value that a thread keeps.
   *
   * @param id tells the thread-local and the value from others, as {@link #ids} lists it
   * @param type class name of the value
   * @param declaredBy the class with a static field that holds the thread-local, or null
   * @param field that field's name, or null
   * @param place whose that class is
   * @param ownValue whether the value is of a class of the user's
   * @param value which sort of value it is
   */
  public record Kept(
      long id,
      String type,
      @Nullable String declaredBy,
      @Nullable String field,
      Place place,
      boolean ownValue,
      Content value) {}

  /** Who declares a thread-local. */
  public enum Place {
    /** A class that lies in a directory, as what a build just compiled does. */
    OWN,
    /** A class in an archive, or one made at run time. */
    LIBRARY,
    /**
     * No static field of a class outside the JDK holds it; or perhaps one of a library, where the
     * value is not of the user's classes.
     */
    NOWHERE
  }

  /** What a value is, as far as that tells whether it can be residue. */
  public enum Content {
    /** A reference that lets go. */
    REFERENCE,
    /** An empty collection, zero or false: what a value is reset to. */
    NOTHING,
    /** What is made once for a thread because it is dear or not thread-safe. */
    TOOL,
    /** Anything else. */
    OTHER
  }

  /**
   * The agent is in place.
   *
   * @param classes lists the classes that the JVM has loaded
   */
  public static void connect(Supplier<Class<?>[]> classes) {
    loaded = classes;
  }

  /**
   * Whether thread-locals can be read.
   *
   * @return false if there is no agent or the JDK is another than is known
   */
  public static boolean areReadable() {
    return loaded != null && Access.MAP != null;
  }

  /**
   * What a thread keeps in thread-locals without an initial value of their own.
   *
   * @param thread a platform thread
   * @return a number for each thread-local and its value; the order means nothing. Two values have
   *     the same number with a probability of one in billions.
   */
  public static long[] ids(Thread thread) {
    @Nullable Object[] table = table(thread);
    if (table.length == 0) {
      return NONE;
    }
    long[] ids = new long[8];
    int count = 0;
    for (Object entry : table) {
      long id = id(entry);
      if (id != 0) {
        if (count == ids.length) {
          ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id;
      }
    }
    return count == 0 ? NONE : Arrays.copyOf(ids, count);
  }

  private static @Nullable Object[] table(Thread thread) {
    VarHandle map = Access.MAP;
    VarHandle table = Access.TABLE;
    if (map == null || table == null) {
      return NONE_KEPT;
    }
    Object locals = (Object) map.get(thread);
    return locals != null && (Object) table.get(locals) instanceof Object[] entries
        ? entries
        : NONE_KEPT;
  }

  private static final @Nullable Object[] NONE_KEPT = {};

  /** Zero if the entry is empty, stale, or of a thread-local that makes its own values. */
  private static long id(@Nullable Object entry) {
    if (entry instanceof Reference<?> reference) {
      Object local = reference.get();
      Object value = value(entry);
      if (local != null && value != null && !HAS_INITIAL_VALUE.get(local.getClass())) {
        return (long) System.identityHashCode(local) << 32 | System.identityHashCode(value);
      }
    }
    return 0;
  }

  private static @Nullable Object value(Object entry) {
    VarHandle value = Access.VALUE;
    return value == null ? null : (Object) value.get(entry);
  }

  /**
   * Describes what a thread keeps. Looks through the static fields of all classes, which takes
   * milliseconds; no class is initialised.
   *
   * @param thread a platform thread
   * @param wanted as {@link #ids} lists them
   * @return those that are still kept
   */
  public static List<Kept> describe(Thread thread, long[] wanted) {
    List<Kept> kept = new ArrayList<>();
    for (Object entry : table(thread)) {
      long id = id(entry);
      if (id != 0
          && Arrays.stream(wanted).anyMatch(one -> one == id)
          && entry instanceof Reference<?> reference) {
        Object local = reference.get();
        Object value = value(entry);
        if (local != null && value != null) {
          boolean ownValue = isOwn(value.getClass());
          Declared declared = declared(local, ownValue);
          kept.add(
              new Kept(
                  id,
                  value.getClass().getName(),
                  declared.by,
                  declared.field,
                  declared.place,
                  ownValue,
                  content(value)));
        }
      }
    }
    return kept;
  }

  /**
   * Where a thread-local is declared.
   *
   * @param everywhere whether libraries' classes were looked at as well
   */
  private record Declared(
      @Nullable String by, @Nullable String field, Place place, boolean everywhere) {}

  /** By the thread-local that was looked for. */
  private static final Map<WeakKey, Declared> DECLARED = new ConcurrentHashMap<>();

  /**
   * Libraries' classes are many: they are looked at only if it matters whether one of them declares
   * it.
   */
  private static Declared declared(Object local, boolean everywhere) {
    WeakKey key = new WeakKey(local);
    Declared known = DECLARED.get(key);
    if (known == null || (everywhere && !known.everywhere && known.place == Place.NOWHERE)) {
      known = find(local, everywhere);
      DECLARED.keySet().removeIf(other -> other.refersTo(null));
      DECLARED.put(key, known);
    }
    return known;
  }

  private static Declared find(Object local, boolean everywhere) {
    Supplier<Class<?>[]> classes = loaded;
    Class<?>[] all = classes == null ? new Class<?>[0] : classes.get();
    Field field = find(local, all, true);
    if (field == null && everywhere) {
      field = find(local, all, false);
    }
    return field == null
        ? new Declared(null, null, Place.NOWHERE, everywhere)
        : new Declared(
            field.getDeclaringClass().getName(),
            field.getName(),
            isOwn(field.getDeclaringClass()) ? Place.OWN : Place.LIBRARY,
            everywhere);
  }

  private static @Nullable Field find(Object local, Class<?>[] classes, boolean own) {
    for (Class<?> type : classes) {
      if (!type.isArray() && !Fields.isJdk(type) && isOwn(type) == own && Initialized.is(type)) {
        for (Field field : Fields.ofClass(type)) {
          if (field.getType().isInstance(local) && Fields.read(field, null) == local) {
            return field;
          }
        }
      }
    }
    return null;
  }

  /** Whether a class lies in a directory. */
  private static boolean isOwn(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    if (element.isPrimitive() || Fields.isJdk(element)) {
      return false;
    }
    try {
      CodeSource source = element.getProtectionDomain().getCodeSource();
      return source != null
          && source.getLocation() != null
          && source.getLocation().getProtocol().equals("file")
          && source.getLocation().getPath().endsWith("/");
    } catch (SecurityException e) {
      return false;
    }
  }

  private static final List<Class<?>> TOOLS =
      List.of(
          StringBuilder.class,
          StringBuffer.class,
          java.text.Format.class,
          java.security.MessageDigest.class,
          java.security.Signature.class,
          java.security.KeyPairGenerator.class,
          java.util.Random.class,
          java.util.Calendar.class,
          java.util.regex.Matcher.class,
          java.nio.Buffer.class,
          java.nio.charset.CharsetEncoder.class,
          java.nio.charset.CharsetDecoder.class,
          java.io.ByteArrayOutputStream.class,
          java.util.zip.Deflater.class,
          java.util.zip.Inflater.class);

  private static Content content(Object value) {
    Class<?> type = value.getClass();
    if (value instanceof Reference) {
      return Content.REFERENCE;
    }
    if (Fields.isJdk(type) && isNothing(value)) {
      return Content.NOTHING;
    }
    if ((type.isArray() && type.getComponentType().isPrimitive())
        || TOOLS.stream().anyMatch(tool -> tool.isInstance(value))
        || type.getName().startsWith("javax.crypto.")
        || type.getName().startsWith("com.sun.org.apache.")
        || type.getName().startsWith("jdk.xml.internal.")) {
      return Content.TOOL;
    }
    return Content.OTHER;
  }

  /** Asks the JDK's own classes only. */
  private static boolean isNothing(Object value) {
    if (!value.getClass().getName().startsWith("java.util.")
        && !value.getClass().getName().startsWith("java.lang.")) {
      return false;
    }
    if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
      String type = value.getClass().getName();
      if (type.contains("$")) {
        return false; // a view or a wrapper may lead to the user's code
      }
      return value instanceof Collection<?> collection
          ? collection.isEmpty()
          : value instanceof Map<?, ?> map && map.isEmpty();
    }
    return (value instanceof Boolean flag && !flag)
        || (value instanceof Number number && Fields.isJdk(number.getClass()) && isZero(number));
  }

  private static boolean isZero(Number number) {
    return number.longValue() == 0 && number.doubleValue() == 0;
  }

  /** The JVM's own answer to whether reading a static field would initialise its class. */
  private static final class Initialized {
    private static final @Nullable Object UNSAFE;
    private static final @Nullable Method QUESTION;

    static {
      Object unsafe = null;
      Method question = null;
      try {
        Class<?> type = Class.forName("jdk.internal.misc.Unsafe", true, null);
        unsafe = type.getMethod("getUnsafe").invoke(null);
        question = type.getMethod("shouldBeInitialized", Class.class);
      } catch (ReflectiveOperationException | RuntimeException e) {
        question = null;
      }
      UNSAFE = unsafe;
      QUESTION = question;
    }

    static boolean is(Class<?> type) {
      try {
        return QUESTION != null
            && QUESTION.invoke(UNSAFE, type) instanceof Boolean needed
            && !needed;
      } catch (ReflectiveOperationException | RuntimeException e) {
        return false;
      }
    }
  }
}
