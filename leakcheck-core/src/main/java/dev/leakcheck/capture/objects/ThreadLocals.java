package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.OwnReference;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What threads keep in thread-locals, read where the JDK keeps it, which an agent has opened.
 * Nothing is written, no user code is called and nothing is held. What is read of a thread that
 * runs may be out of date. Thread-safe.
 */
public final class ThreadLocals {

  private static final long[] NONE = {};

  private static volatile @Nullable Code code;

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

  private ThreadLocals() {}

  /**
   * A value that a thread keeps.
   *
   * @param id tells the thread-local and the value from others, as {@link #ids} lists it
   * @param type class name of the value
   * @param declaredBy the class with a static field that holds the thread-local, or null
   * @param field that field's name, or null
   * @param place whose that class is
   * @param ownValue whether the value is of a class of the user's
   * @param initial whether it is made where the thread-local is read, if there is none
   * @param value which sort of value it is
   * @param object the value itself
   */
  public record Kept(
      long id,
      String type,
      @Nullable String declaredBy,
      @Nullable String field,
      Place place,
      boolean ownValue,
      boolean initial,
      ThreadLocalContent value,
      OwnReference<Object> object) {}

  /** What an agent can see of the code that uses thread-locals. Thread-safe. */
  public interface Code {

    /** The classes that the JVM has loaded. */
    Class<?>[] loaded();

    /**
     * Names of the classes of which a thread-local is given values where it is read.
     *
     * @param field the static field that holds it
     * @return none if it is set in any other way as well, or that is not to be seen
     */
    Set<String> initialTypes(Field field);
  }

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

  /**
   * The agent is in place.
   *
   * @param agents what the agent sees of the program's code
   */
  public static void connect(Code agents) {
    code = agents;
  }

  /**
   * Whether thread-locals can be read.
   *
   * @return false if there is no agent or the JDK is another than is known
   */
  public static boolean areReadable() {
    return code != null && ThreadLocalTable.isReadable();
  }

  /**
   * What a thread keeps in thread-locals without an initial value of their own.
   *
   * @param thread a platform thread
   * @return a number for each thread-local and its value; the order means nothing. Two values have
   *     the same number with a probability of one in billions.
   */
  public static long[] ids(Thread thread) {
    @Nullable Object[] table = ThreadLocalTable.entries(thread);
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

  /** Zero if the entry is empty, stale, or of a thread-local that makes its own values. */
  private static long id(@Nullable Object entry) {
    if (entry instanceof Reference<?> reference) {
      Object local = reference.get();
      Object value = ThreadLocalTable.value(entry);
      if (local != null && value != null && !HAS_INITIAL_VALUE.get(local.getClass())) {
        return (long) System.identityHashCode(local) << 32 | System.identityHashCode(value);
      }
    }
    return 0;
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
    for (Object entry : ThreadLocalTable.entries(thread)) {
      long id = id(entry);
      if (id != 0
          && Arrays.stream(wanted).anyMatch(one -> one == id)
          && entry instanceof Reference<?> reference) {
        Object local = reference.get();
        Object value = ThreadLocalTable.value(entry);
        if (local != null && value != null) {
          boolean ownValue = ThreadLocalDeclaration.isOwn(value.getClass());
          ThreadLocalDeclaration declared = ThreadLocalDeclaration.of(local, ownValue, code);
          kept.add(
              new Kept(
                  id,
                  value.getClass().getName(),
                  declared.by(),
                  declared.field(),
                  declared.place(),
                  ownValue,
                  declared.initialTypes().contains(value.getClass().getName()),
                  ThreadLocalContent.of(value),
                  new OwnReference<>(value)));
        }
      }
    }
    return kept;
  }
}
