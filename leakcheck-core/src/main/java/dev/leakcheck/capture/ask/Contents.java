package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.ask.Answers.Cost;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks collections and references that were found for what they hold, as far as {@link Answers}
 * lets it: those of the JDK's whose code neither locks nor runs anybody else's. Of others nothing
 * is told. Never throws. Thread-safe.
 */
public final class Contents {

  /** More than anybody looks at. */
  private static final int MOST = 1_000_000;

  private Contents() {}

  /**
   * Gives each element; those that were seen before another thread changed the collection, if one
   * does. Of a collection that has no end it gives some.
   *
   * @param collection a collection
   * @param each gets them
   */
  public static void forEach(Collection<?> collection, Consumer<Object> each) {
    if (Ask.may(collection, "iterator", Cost.NONE)) {
      Ask.quietly(
          () -> {
            Iterator<?> elements = collection.iterator();
            for (int i = 0; i < MOST && elements.hasNext(); i++) {
              each.accept(elements.next());
            }
            return null;
          });
    }
  }

  /**
   * Gives each key with its value; those that were seen before another thread changed the map, if
   * one does.
   *
   * @param map a map
   * @param each gets them
   */
  public static void forEach(Map<?, ?> map, BiConsumer<Object, Object> each) {
    if (Ask.may(map, "forEach", Cost.NONE)) {
      Ask.quietly(
          () -> {
            map.forEach(each);
            return null;
          });
    }
  }

  /**
   * Whether a collection or map holds nothing.
   *
   * @param object any object
   * @param most what the answer may cost
   * @return null if it is neither, or must not be asked
   */
  public static @Nullable Boolean isEmpty(Object object, Cost most) {
    if (!Ask.may(object, "isEmpty", most)) {
      return null;
    }
    if (object instanceof Collection<?> collection) {
      return Ask.quietly(collection::isEmpty);
    }
    return object instanceof Map<?, ?> map ? Ask.quietly(map::isEmpty) : null;
  }

  /** What a reference refers to, or null if that is not told. */
  public static @Nullable Object value(AtomicReference<?> reference) {
    return Ask.may(reference, "get", Cost.NONE) ? Ask.quietly(reference::get) : null;
  }

  /** What is in an optional, or null if there is nothing or it is not told. */
  public static @Nullable Object value(Optional<?> optional) {
    return Ask.may(optional, "orElse", Cost.NONE) ? Ask.quietly(() -> optional.orElse(null)) : null;
  }

  /** Gives what is in an array of references, with nulls. */
  public static void forEach(AtomicReferenceArray<?> array, Consumer<@Nullable Object> each) {
    if (Ask.may(array, "length", Cost.NONE)) { // its methods are final
      for (int i = 0; i < array.length(); i++) {
        each.accept(array.get(i));
      }
    }
  }
}
