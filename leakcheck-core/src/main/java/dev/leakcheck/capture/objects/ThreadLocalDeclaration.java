package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.capture.objects.ThreadLocals.Place;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.CodeSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which static field holds a thread-local. To look for it goes through the static fields of all
 * classes that are loaded and initialised, so that what was found is kept. Immutable.
 *
 * @param by name of the class with the field, or null
 * @param field the field's name, or null
 * @param place whose that class is
 * @param everywhere whether libraries' classes were looked at as well
 * @param initialTypes names of the classes of which it is given values where it is read
 */
record ThreadLocalDeclaration(
    @Nullable String by,
    @Nullable String field,
    Place place,
    boolean everywhere,
    Set<String> initialTypes) {

  /** By the thread-local that was looked for; those that are gone make room for the next. */
  private static final Map<WeakKey, ThreadLocalDeclaration> FOUND = new ConcurrentHashMap<>();

  /**
   * The declaration of a thread-local. Libraries' classes are many: they are looked at only if it
   * matters whether one of them declares it.
   *
   * @param local the thread-local
   * @param everywhere whether to look at libraries' classes as well
   * @param code what the agent sees of the program's code, or null if there is none
   * @return the declaration; {@link Place#NOWHERE} if none was found
   */
  static ThreadLocalDeclaration of(
      Object local, boolean everywhere, ThreadLocals.@Nullable Code code) {
    WeakKey key = new WeakKey(local);
    ThreadLocalDeclaration known = FOUND.get(key);
    if (known == null || (everywhere && !known.everywhere && known.place == Place.NOWHERE)) {
      known =
          code == null
              ? new ThreadLocalDeclaration(null, null, Place.NOWHERE, everywhere, Set.of())
              : find(local, everywhere, code);
      FOUND.keySet().removeIf(other -> other.refersTo(null));
      FOUND.put(key, known);
    }
    return known;
  }

  private static ThreadLocalDeclaration find(
      Object local, boolean everywhere, ThreadLocals.Code code) {
    Class<?>[] all = code.loaded();
    Field field = find(local, all, true);
    if (field == null && everywhere) {
      field = find(local, all, false);
    }
    if (field == null) {
      return new ThreadLocalDeclaration(null, null, Place.NOWHERE, everywhere, Set.of());
    }
    boolean own = isOwn(field.getDeclaringClass());
    return new ThreadLocalDeclaration(
        field.getDeclaringClass().getName(),
        field.getName(),
        own ? Place.OWN : Place.LIBRARY,
        everywhere,
        own ? code.initialTypes(field) : Set.of());
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
  static boolean isOwn(Class<?> type) {
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
