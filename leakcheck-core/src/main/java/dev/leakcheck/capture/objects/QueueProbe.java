package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Answers;
import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.threads.Helper;
import dev.leakcheck.model.QueueRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a blocking queue without taking from it. Only the JDK's own code is asked, and what it
 * takes a lock for is read from a field where the JDK lets that be, else asked by a {@link Helper}.
 * Of its elements only the classes are read: none of their methods is ever called. Never throws.
 * Thread-safe.
 */
public final class QueueProbe {

  /** The size of a queue that must not be asked, or did not answer. */
  public static final int UNKNOWN = -1;

  /** Elements whose class is read; of a longer queue the rest is not looked at. */
  static final int MAX_TYPED = 1_000;

  /** Queues of the JDK whose iterator copies all elements are not iterated beyond this size. */
  private static final int MAX_COPIED = 100_000;

  private static final String CONCURRENT = "java.util.concurrent.";

  /** Where a queue that locks to tell its size keeps it. */
  private static final Map<String, JdkField> SIZES =
      Map.of(
          CONCURRENT + "ArrayBlockingQueue",
              JdkField.of(CONCURRENT + "ArrayBlockingQueue", "count"),
          CONCURRENT + "LinkedBlockingDeque",
              JdkField.of(CONCURRENT + "LinkedBlockingDeque", "count"),
          CONCURRENT + "PriorityBlockingQueue",
              JdkField.of(CONCURRENT + "PriorityBlockingQueue", "size"),
          CONCURRENT + "ScheduledThreadPoolExecutor$DelayedWorkQueue",
              JdkField.of(CONCURRENT + "ScheduledThreadPoolExecutor$DelayedWorkQueue", "size"));

  private static final JdkField DELAYED = JdkField.of(CONCURRENT + "DelayQueue", "q");
  private static final JdkField DELAYED_SIZE = JdkField.of("java.util.PriorityQueue", "size");

  private QueueProbe() {}

  /**
   * How many elements a queue holds.
   *
   * @param queue the queue
   * @return the count, or {@link #UNKNOWN}
   */
  public static int size(BlockingQueue<?> queue) {
    Cost cost = Answers.cost(queue, "size");
    if (cost == null) {
      return UNKNOWN;
    }
    Integer size = cost == Cost.NONE ? Ask.size(queue, Cost.NONE) : sizeField(queue);
    if (size == null && cost == Cost.LOCK) {
      size = Helper.jvm().ask(queue, () -> Ask.size(queue, Cost.LOCK));
    }
    return size == null ? UNKNOWN : size;
  }

  private static @Nullable Integer sizeField(BlockingQueue<?> queue) {
    Object size =
        queue instanceof DelayQueue
            ? DELAYED_SIZE.read(DELAYED.read(queue))
            : SIZES.containsKey(queue.getClass().getName())
                ? SIZES.get(queue.getClass().getName()).read(queue)
                : null;
    return size instanceof Integer count ? count : null;
  }

  /**
   * What a queue holds.
   *
   * @param queue the queue
   * @param where where it was found
   * @param sizeAtOpen how many elements it held when the scope opened
   * @return a record, without the elements' classes if the queue did not tell them; null if its
   *     size is not known
   */
  public static @Nullable QueueRecord record(BlockingQueue<?> queue, String where, int sizeAtOpen) {
    int size = size(queue);
    if (size == UNKNOWN) {
      return null;
    }
    Content content = Helper.jvm().ask(queue, () -> content(queue, size));
    return new QueueRecord(
        queue.getClass().getName(),
        System.identityHashCode(queue),
        where,
        size,
        sizeAtOpen,
        content == null ? Integer.MAX_VALUE : content.remaining,
        content == null ? Map.of() : content.types);
  }

  /** What it may take a queue's lock to know, besides its size. */
  private record Content(int remaining, Map<String, Integer> types) {}

  private static Content content(BlockingQueue<?> queue, int size) {
    int remaining = Ask.remainingCapacity(queue, Cost.LOCK);
    return new Content(
        remaining < 0 ? Integer.MAX_VALUE : remaining,
        size > MAX_COPIED ? Map.of() : Ask.elementTypes(queue, MAX_TYPED, Cost.LOCK));
  }

  /**
   * What is in a queue, none of whose methods may be called.
   *
   * @param queue the queue
   * @return the elements, which stay in it; null if it holds too many, or did not tell
   */
  public static @Nullable List<Object> elements(BlockingQueue<?> queue) {
    int size = size(queue);
    return size == 0
        ? List.of()
        : size == UNKNOWN || size > MAX_COPIED
            ? null
            : Helper.jvm().ask(queue, () -> Ask.elements(queue, MAX_COPIED, Cost.LOCK));
  }

  /**
   * Why a queue does not tell its size.
   *
   * @param queue a queue whose size is unknown
   * @return that somebody holds its lock, and who, or that it is a mock, or not the JDK's
   */
  public static String whyUnknown(BlockingQueue<?> queue) {
    if (Answers.isMock(queue)) {
      return "it is a mock, which is not asked";
    }
    if (!Helper.jvm().isWaitingFor(queue)) {
      return "only queues of the JDK are asked";
    }
    return Helper.jvm()
        .holder(queue)
        .map(holder -> "thread \"" + holder + "\" holds its lock")
        .orElse("somebody holds its lock");
  }
}
