package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Outcomes;
import dev.leakcheck.capture.ask.Wrapped;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.threads.Helper;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Which objects {@link ObjectGraph} goes through, and which it stops at, by their classes. */
final class Passage {

  /** Frameworks whose objects lead to everything and own nothing of a test's. */
  private static final List<String> OPAQUE =
      List.of(
          "org.junit.",
          "org.apache.maven.surefire.",
          "dev.leakcheck.LeakScope",
          "dev.leakcheck.integration.TestScope",
          "dev.leakcheck.engine.scope.Scope",
          "dev.leakcheck.engine.tier.ScopePause",
          "dev.leakcheck.junit5.Session",
          "dev.leakcheck.junit5.ClassCheck",
          "dev.leakcheck.junit5.MethodCheck");

  /** The same: any logger leads to all. */
  private static final List<String> LOGGERS =
      List.of("org.slf4j.", "ch.qos.logback.", "org.apache.logging.");

  /** JUnit's stores: what extensions keep. Only they themselves lead to one. */
  private static final List<String> FOLLOWED_ALL_THE_SAME =
      List.of(
          "org.junit.platform.engine.support.store.",
          "org.junit.jupiter.engine.execution.ExtensionValuesStore");

  private static final String LOCKING = "java.util.Collections$Synchronized";

  private static final List<JdkField> WRAPPED =
      List.of(
          JdkField.of("java.util.Collections$UnmodifiableCollection", "c"),
          JdkField.of("java.util.Collections$UnmodifiableMap", "m"),
          JdkField.of("java.util.Collections$SynchronizedCollection", "c"),
          JdkField.of("java.util.Collections$SynchronizedMap", "m"),
          JdkField.of("java.util.Collections$SetFromMap", "m"));

  private static final ClassValue<Boolean> FRAMEWORK =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return FOLLOWED_ALL_THE_SAME.stream().noneMatch(type.getName()::startsWith)
              && OPAQUE.stream().anyMatch(type.getName()::startsWith);
        }
      };

  private static final ClassValue<Boolean> LOGGER =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return LOGGERS.stream().anyMatch(type.getName()::startsWith);
        }
      };

  private Passage() {}

  /** Whether an object is not followed. */
  static boolean isOpaque(Object value) {
    return isOpaqueBesideLoggers(value) || LOGGER.get(value.getClass());
  }

  /** Whether an object is not followed, even where what loggers hold is of interest. */
  static boolean isOpaqueBesideLoggers(Object value) {
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
    return FRAMEWORK.get(value.getClass());
  }

  /** Whether objects of a class lead to everything and own nothing of a test's. */
  static boolean isOpaque(Class<?> type) {
    return FRAMEWORK.get(type) || LOGGER.get(type);
  }

  /** JUnit 6 keeps a stored value in a task that computes it. */
  static boolean isStore(Class<?> type) {
    return FOLLOWED_ALL_THE_SAME.stream().anyMatch(type.getName()::startsWith);
  }

  /** Whether nothing can be reached from an object. */
  static boolean isEnd(Object value) {
    if (value instanceof Object[] || value instanceof Iterable || value instanceof Map) {
      return false;
    }
    Class<?> type = value.getClass();
    return Fields.isJdk(type)
        ? !(value instanceof Timer
            || value instanceof AtomicReferenceArray
            || JdkServices.sortOf(value) != null
            || GivenExecutors.mayHave(value)
            || Outcomes.mayHold(value))
        : Fields.ofInstances(type).isEmpty()
            && Fields.closedToInstances(type).isEmpty()
            && !(value instanceof Proxy);
  }

  /** Whether objects of a class hold somebody's collection. */
  static boolean isWrapper(Class<?> type) {
    String name = type.getName();
    return name.startsWith("java.util.Collections$Unmodifiable")
        || name.startsWith(LOCKING)
        || name.endsWith("SetFromMap");
  }

  /**
   * The collection that a wrapper of the JDK holds. Where its field cannot be read, a lock has to
   * be taken for one that has one, which somebody may hold for ever.
   *
   * @return null if it could not be had
   */
  static @Nullable Object wrapped(Object wrapper) {
    for (JdkField field : WRAPPED) {
      Object wrapped = field.read(wrapper);
      if (wrapped != null) {
        return wrapped;
      }
    }
    return wrapper.getClass().getName().startsWith(LOCKING)
        ? Helper.jvm().ask(wrapper, () -> Wrapped.of(wrapper))
        : Wrapped.of(wrapper);
  }
}
