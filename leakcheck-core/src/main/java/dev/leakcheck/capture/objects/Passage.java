package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.JdkField;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Which objects {@link ObjectGraph} goes through, and which it stops at, by their classes. */
final class Passage {

  /** Frameworks whose objects lead to everything and own nothing of a test's. */
  private static final List<String> OPAQUE =
      List.of(
          "org.junit.",
          "org.slf4j.",
          "ch.qos.logback.",
          "org.apache.logging.",
          "org.apache.maven.surefire.",
          "dev.leakcheck.LeakScope",
          "dev.leakcheck.integration.TestScope",
          "dev.leakcheck.engine.scope.Scope",
          "dev.leakcheck.engine.tier.ScopePause",
          "dev.leakcheck.junit5.Session",
          "dev.leakcheck.junit5.ClassCheck",
          "dev.leakcheck.junit5.MethodCheck");

  /** JUnit's stores: what extensions keep. Only they themselves lead to one. */
  private static final List<String> FOLLOWED_ALL_THE_SAME =
      List.of(
          "org.junit.platform.engine.support.store.",
          "org.junit.jupiter.engine.execution.ExtensionValuesStore");

  /** Collections whose iteration neither locks nor runs user code. */
  private static final List<String> COLLECTIONS =
      List.of(
          "java.util.ArrayList",
          "java.util.LinkedList",
          "java.util.ArrayDeque",
          "java.util.HashSet",
          "java.util.LinkedHashSet",
          "java.util.HashMap",
          "java.util.LinkedHashMap",
          "java.util.TreeMap",
          "java.util.IdentityHashMap",
          "java.util.EnumMap",
          "java.util.Arrays$ArrayList",
          "java.util.ImmutableCollections$",
          "java.util.Collections$Singleton",
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentSkipListMap",
          "java.util.concurrent.CopyOnWriteArray",
          "java.util.concurrent.ConcurrentLinked");

  private static final List<JdkField> WRAPPED =
      List.of(
          JdkField.of("java.util.Collections$UnmodifiableCollection", "c"),
          JdkField.of("java.util.Collections$UnmodifiableMap", "m"),
          JdkField.of("java.util.Collections$SynchronizedCollection", "c"),
          JdkField.of("java.util.Collections$SynchronizedMap", "m"),
          JdkField.of("java.util.Collections$SetFromMap", "m"));

  private Passage() {}

  /** Whether an object is not followed. */
  static boolean isOpaque(Object value) {
    if (value instanceof Class
        || value instanceof ClassLoader
        || value instanceof String
        // libraries count in classes of their own that hold their pools as well
        || (value instanceof Number && Fields.isJdk(value.getClass()))
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum) {
      return true;
    }
    return isOpaque(value.getClass());
  }

  /** Whether objects of a class lead to everything and own nothing of a test's. */
  static boolean isOpaque(Class<?> type) {
    String name = type.getName();
    return FOLLOWED_ALL_THE_SAME.stream().noneMatch(name::startsWith)
        && OPAQUE.stream().anyMatch(name::startsWith);
  }

  /** JUnit 6 keeps a stored value in a task that computes it. */
  static boolean isStore(Class<?> type) {
    return FOLLOWED_ALL_THE_SAME.stream().anyMatch(type.getName()::startsWith);
  }

  /** Whether objects of a class hold somebody's collection, and ask that for its elements. */
  static boolean isWrapper(Class<?> type) {
    String name = type.getName();
    return name.startsWith("java.util.Collections$Unmodifiable")
        || name.startsWith("java.util.Collections$Synchronized")
        || name.equals("java.util.Collections$SetFromMap");
  }

  /**
   * The collection that a wrapper of the JDK holds.
   *
   * @return null if it cannot be read
   */
  static @Nullable Object wrapped(Object wrapper) {
    for (JdkField field : WRAPPED) {
      Object wrapped = field.read(wrapper);
      if (wrapped != null) {
        return wrapped;
      }
    }
    return null;
  }

  /**
   * Whether objects of somebody's class are such a collection that is walked through by none but
   * the JDK's code, as a cache is which only says which entry is too old.
   */
  static boolean isPlainCollectionInside(Class<?> type) {
    Class<?> jdks = type;
    while (jdks != null && !Fields.isJdk(jdks)) {
      jdks = jdks.getSuperclass();
    }
    if (jdks == null || !isPlainCollection(jdks)) {
      return false;
    }
    try {
      return Map.class.isAssignableFrom(type)
          ? isInherited(type, "forEach", BiConsumer.class) && isInherited(type, "entrySet")
          : isInherited(type, "iterator");
    } catch (NoSuchMethodException | SecurityException | LinkageError e) {
      return false;
    }
  }

  private static boolean isInherited(Class<?> type, String method, Class<?>... parameters)
      throws NoSuchMethodException {
    return Fields.isJdk(type.getMethod(method, parameters).getDeclaringClass());
  }

  /** Whether objects of a class are walked through as what they hold. */
  static boolean isPlainCollection(Class<?> type) {
    return COLLECTIONS.stream().anyMatch(type.getName()::startsWith);
  }
}
