package dev.leakcheck.capture.record;

import dev.leakcheck.model.Origin;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The stack of a creation, as the JVM records it for exceptions: that is several times cheaper than
 * a {@code StackWalker}, as frames are only decoded when somebody asks. It takes about a kilobyte,
 * so that not more than {@link #MOST} are kept at once. Immutable.
 */
final class Trace extends Throwable {

  private static final long serialVersionUID = 1;

  /** About 10 MB. */
  static final int MOST = 8_192;

  /** Locks are made by the thousand, and hardly ever told of: they leave room for the rest. */
  static final int MOST_OF_LOCKS = MOST / 4;

  /** Tasks are as many, and are told of only if they fail. */
  static final int MOST_OF_TASKS = MOST / 2;

  /** For what there are not many of. */
  static final int ALWAYS = Integer.MAX_VALUE;

  /** The hooked classes: frames above the first of theirs are LeakCheck's own. */
  private static final Set<String> HOOKED =
      Set.of(
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.lang.VirtualThread",
          "java.util.AbstractQueue",
          "java.util.Timer",
          "java.util.concurrent.AbstractExecutorService",
          "java.util.concurrent.CompletableFuture$AsyncRun",
          "java.util.concurrent.CompletableFuture$AsyncSupply",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.FutureTask",
          "java.util.concurrent.ThreadPerTaskExecutor",
          "java.util.concurrent.ThreadPerTaskExecutor$ThreadBoundFuture",
          "java.util.concurrent.ThreadPoolExecutor",
          "java.util.concurrent.locks.ReentrantLock",
          "java.util.concurrent.locks.ReentrantReadWriteLock",
          "java.util.concurrent.locks.StampedLock");

  private static final AtomicInteger KEPT = new AtomicInteger();

  private final String thread;
  private final transient BirthScope scope;
  private final boolean shared;

  private Trace(String thread, BirthScope scope, boolean shared) {
    super(null, null, false, true);
    this.thread = thread;
    this.scope = scope;
    this.shared = shared;
  }

  /**
   * The current stack.
   *
   * @param most how many may be kept for this one to be
   * @return the stack, or null if too many are kept
   */
  static @Nullable Trace take(BirthScope scope, boolean shared, int most) {
    if (KEPT.incrementAndGet() > most) {
      KEPT.decrementAndGet();
      return null;
    }
    return new Trace(Thread.currentThread().getName(), scope, shared);
  }

  /** Whether frames further in than the first of such a class are LeakCheck's own. */
  static boolean isHooked(String className) {
    return HOOKED.contains(className);
  }

  /** Loads the class. */
  static void load() {}

  /** A trace that was taken is not kept any more. */
  static void released() {
    KEPT.decrementAndGet();
  }

  Origin origin() {
    List<StackTraceElement> stack = List.of(getStackTrace());
    int first = 0;
    while (first < stack.size() && !HOOKED.contains(stack.get(first).getClassName())) {
      first++;
    }
    return new Origin.Known(
        first < stack.size() ? stack.subList(first, stack.size()) : stack,
        thread,
        scope.name(),
        shared);
  }
}
