package dev.leakcheck.junit5;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * JUnit's stores from inside: an extension is shown its own values only, and not in which order
 * they are closed. Where JUnit does not let itself be looked into, as on the module path, nothing
 * is known of them.
 */
final class Stores {

  private Stores() {}

  /** The context's own store; it leads to those of the contexts around it. */
  static List<Object> of(ExtensionContext context) {
    List<Object> stores = new ArrayList<>();
    for (Class<?> type = context.getClass();
        type != null && type.getName().startsWith("org.junit.");
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getType().getSimpleName().endsWith("Store")) {
          try {
            Object store = field.trySetAccessible() ? field.get(context) : null;
            if (store != null) {
              stores.add(store);
            }
          } catch (IllegalAccessException | RuntimeException notShown) {
            return stores; // this JUnit keeps it elsewhere
          }
        }
      }
    }
    return stores;
  }

  /**
   * Puts a value into a context's store that is closed after everything else there: also after what
   * was put there before, as JUnit 5.13 and later do with arguments that they close. A store closes
   * in the reverse order of the numbers that it gave its values; these get numbers below all
   * others. Where it does not show its counter, the order counts in which values were put.
   *
   * @param place 0 for what is closed last of all, 1 for what is closed just before that
   */
  static void putToBeClosedLast(ExtensionContext context, Object key, Closing value, int place) {
    ExtensionContext.Store store = context.getStore(Session.NAMESPACE);
    AtomicInteger counter = counter(context);
    if (counter == null) {
      store.put(key, value);
      return;
    }
    int next = counter.getAndSet(Integer.MIN_VALUE + place);
    try {
      store.put(key, value);
    } finally {
      counter.set(next);
    }
  }

  private static @Nullable AtomicInteger counter(ExtensionContext context) {
    for (Object store : of(context)) {
      AtomicInteger counter = read(store, AtomicInteger.class);
      if (counter != null) {
        return counter;
      }
    }
    return null;
  }

  /**
   * What JUnit closes later than a context: values in the stores of the contexts around it. The
   * tests of an invocation of a class, for one, share the arguments of that.
   */
  static List<Object> closedAfter(ExtensionContext context) {
    boolean closesAll = isNew() && ConfigurationKeys.closesAutoCloseables(context);
    List<Object> closed = new ArrayList<>();
    for (ExtensionContext around = context.getParent().orElse(null);
        around != null;
        around = around.getParent().orElse(null)) {
      for (Object store : of(around)) {
        for (Object value : values(store)) {
          if (isClosed(value, closesAll) && !(value instanceof Closing) && !isTimeouts(value)) {
            closed.add(value);
          }
        }
      }
    }
    return closed;
  }

  /** What watches over time limits is JUnit's own, which everybody knows by its thread. */
  private static boolean isTimeouts(Object value) {
    return value.getClass().getName().startsWith("org.junit.jupiter.engine.extension.Timeout");
  }

  @SuppressWarnings("deprecation") // CloseableResource, for JUnit before 5.13
  private static boolean isClosed(Object value, boolean closesAll) {
    return value instanceof ExtensionContext.Store.CloseableResource
        || (closesAll && value instanceof AutoCloseable);
  }

  /** Whether this is a JUnit that closes whatever can be closed: 5.13 brought both. */
  private static boolean isNew() {
    try {
      Class.forName(
          "org.junit.jupiter.api.ClassTemplate", false, ExtensionContext.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException older) {
      return false;
    }
  }

  /** The values that are there: none is computed. */
  private static List<Object> values(Object store) {
    List<Object> values = new ArrayList<>();
    Map<?, ?> stored = read(store, Map.class);
    if (stored != null) {
      for (Object each : stored.values()) {
        Object value = value(each);
        if (value != null) {
          values.add(value);
        }
      }
    }
    return values;
  }

  private static @Nullable Object value(Object stored) {
    try {
      Supplier<?> supplier = read(stored, Supplier.class);
      if (supplier == null) { // JUnit 6.1 and later
        return Boolean.TRUE.equals(call(stored, "isDone")) ? call(stored, "evaluate") : null;
      }
      for (Field field : supplier.getClass().getDeclaredFields()) {
        if (field.getName().equals("value")) { // that of one that computes it once
          return field.trySetAccessible() ? field.get(supplier) : null;
        }
      }
      return supplier.get();
    } catch (ReflectiveOperationException | RuntimeException notShown) {
      return null;
    }
  }

  private static @Nullable Object call(Object stored, String name)
      throws ReflectiveOperationException {
    Method method = stored.getClass().getDeclaredMethod(name);
    return method.trySetAccessible() ? method.invoke(stored) : null;
  }

  /** The field of a type, or of a subtype, that an object of JUnit's has. */
  private static <T> @Nullable T read(Object owner, Class<T> type) {
    for (Field field : owner.getClass().getDeclaredFields()) {
      if (type.isAssignableFrom(field.getType())) {
        try {
          return field.trySetAccessible() ? type.cast(field.get(owner)) : null;
        } catch (IllegalAccessException | RuntimeException notShown) {
          return null;
        }
      }
    }
    return null;
  }
}
