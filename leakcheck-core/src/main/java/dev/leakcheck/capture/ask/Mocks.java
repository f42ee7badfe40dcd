package dev.leakcheck.capture.ask;

import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells mocks and spies whose class does not show it. Mockito rewrites the classes that are mocked,
 * the JDK's own included, and asks a class that it puts into the boot loader whether an object is a
 * mock: so does LeakCheck. To ask that is no interaction with the mock. Thread-safe.
 */
public final class Mocks {

  private static final String DISPATCHER =
      "org.mockito.internal.creation.bytebuddy.inject.MockMethodDispatcher";

  private static final ClassLoadingMXBean CLASSES = ManagementFactory.getClassLoadingMXBean();

  private static volatile @Nullable Dispatchers found;
  private static volatile long classesAtLastLook = -1;

  /**
   * Mockito's way to tell.
   *
   * @param all the field with one dispatcher for each copy of Mockito
   * @param isMock the question
   */
  private record Dispatchers(Field all, Method isMock) {

    boolean isMock(Object object) {
      try {
        for (Object dispatcher : dispatchers()) {
          if (Boolean.TRUE.equals(isMock.invoke(dispatcher, object))) {
            return true;
          }
        }
        return false;
      } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
        return true; // it may be one, and a mock must not be asked
      }
    }

    private Collection<?> dispatchers() throws IllegalAccessException {
      return all.get(null) instanceof Map<?, ?> map ? map.values() : List.of();
    }
  }

  private Mocks() {}

  /** Whether an object is a mock, or may be one for all that is known. */
  static boolean isMock(Object object) {
    Dispatchers dispatchers = dispatchers();
    return dispatchers != null && dispatchers.isMock(object);
  }

  /**
   * What leads to all that mocks keep: what a spy was copied from, what they were called with and
   * what they answer.
   *
   * @return empty if there are none
   */
  public static List<Object> keepers() {
    Dispatchers dispatchers = dispatchers();
    try {
      return dispatchers == null ? List.of() : List.copyOf(dispatchers.dispatchers());
    } catch (IllegalAccessException | RuntimeException otherwiseBuilt) {
      return List.of();
    }
  }

  /** Whether something makes mocks of the JDK's classes here. */
  static boolean areThere() {
    return dispatchers() != null;
  }

  private static @Nullable Dispatchers dispatchers() {
    Dispatchers known = found;
    return known == null ? look() : known;
  }

  /** Looks again only if a class was loaded since: to be told that there is none costs more. */
  private static @Nullable Dispatchers look() {
    long classes = CLASSES.getTotalLoadedClassCount();
    if (classes == classesAtLastLook) {
      return null;
    }
    try {
      Class<?> type = Class.forName(DISPATCHER, true, null);
      Field all = dispatchers(type);
      all.setAccessible(true);
      Dispatchers dispatchers = new Dispatchers(all, type.getMethod("isMock", Object.class));
      found = dispatchers;
      return dispatchers;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError none) {
      classesAtLastLook = classes;
      return null;
    }
  }

  private static Field dispatchers(Class<?> type) throws NoSuchFieldException {
    for (Field field : type.getDeclaredFields()) {
      if (Map.class.isAssignableFrom(field.getType())) {
        return field;
      }
    }
    throw new NoSuchFieldException("no dispatchers in " + type);
  }
}
