package dev.leakcheck.capture.objects;

import dev.leakcheck.model.QueueRecord;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a blocking queue without taking from it. Of its elements only the classes are read:
 * their {@code toString}, {@code equals} and {@code hashCode} are never called. Never throws.
 * Thread-safe.
 */
public final class QueueProbe {

  /** Elements whose class is read; of a longer queue the rest is not looked at. */
  static final int MAX_TYPED = 1_000;

  /** Queues of the JDK whose iterator copies all elements are not iterated beyond this size. */
  private static final int MAX_COPIED = 100_000;

  private QueueProbe() {}

  /**
   * How many elements a queue holds.
   *
   * @param queue the queue
   * @return the count, 0 if it failed to answer
   */
  public static int size(BlockingQueue<?> queue) {
    try {
      return queue.size();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return 0;
    }
  }

  /**
   * What a queue holds.
   *
   * @param queue the queue
   * @param where where it was found
   * @param sizeAtOpen how many elements it held when the scope opened
   * @return a record, or null if the queue failed to answer
   */
  public static @Nullable QueueRecord record(BlockingQueue<?> queue, String where, int sizeAtOpen) {
    try {
      return new QueueRecord(
          queue.getClass().getName(),
          System.identityHashCode(queue),
          where,
          queue.size(),
          sizeAtOpen,
          queue.remainingCapacity(),
          types(queue));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return null;
    }
  }

  private static Map<String, Integer> types(BlockingQueue<?> queue) {
    Map<String, Integer> types = new HashMap<>();
    if (queue.size() > MAX_COPIED) {
      return types;
    }
    Iterator<?> elements = queue.iterator();
    for (int i = 0; i < MAX_TYPED && elements.hasNext(); i++) {
      Object element = elements.next();
      if (element != null) {
        types.merge(element.getClass().getName(), 1, Integer::sum);
      }
    }
    return types;
  }
}
