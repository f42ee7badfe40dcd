package dev.leakcheck.cli.dump;

import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells the carriers of virtual threads among the threads of a dump. One that carries nothing looks
 * like any idle worker of a fork-join pool, until another of its pool is seen to carry something.
 * Not thread-safe.
 */
final class Carriers {

  private static final String THREAD = "java.lang.Thread";
  private static final String CARRIER = "jdk.internal.misc.CarrierThread";
  private static final int MOST_WAITING = 1_000;

  /** What the workers of a fork-join pool are called; carriers of virtual threads are such. */
  private static final Pattern POOL_WORKER =
      Pattern.compile("(ForkJoinPool-\\d{1,9})-(?:worker-\\d{1,9}|delayScheduler)");

  private final List<ThreadRecord> perhaps = new ArrayList<>();
  private @Nullable String carrying;

  /**
   * A dump does not tell a thread's class, but its outermost frame is the {@code run()} of that
   * class, or of one that it extends.
   */
  static ThreadRecord typed(ThreadRecord thread) {
    if (thread.virtual() || thread.stack().isEmpty()) {
      return thread;
    }
    String type = thread.type();
    StackTraceElement entry = thread.stack().get(thread.stack().size() - 1);
    if (Stacks.has(thread.stack(), "java.lang.VirtualThread", "runContinuation")) {
      type = CARRIER;
    } else if (entry.getMethodName().equals("run") && !entry.getClassName().equals(THREAD)) {
      type = entry.getClassName();
    }
    return retyped(thread, type);
  }

  private static ThreadRecord retyped(ThreadRecord thread, String type) {
    return type.equals(thread.type())
        ? thread
        : new ThreadRecord(
            thread.id(),
            thread.name(),
            thread.virtual(),
            thread.daemon(),
            thread.state(),
            type,
            thread.group(),
            thread.stack(),
            thread.blocker(),
            thread.executor());
  }

  /** Whether it is kept until all threads were read, as it may be a carrier. */
  boolean keeps(ThreadRecord thread) {
    Matcher worker = POOL_WORKER.matcher(thread.name());
    if (thread.type().equals(CARRIER)) {
      if (carrying == null && worker.matches()) {
        carrying = worker.group(1);
      }
      return false;
    }
    return !thread.virtual()
        && perhaps.size() < MOST_WAITING
        && worker.matches()
        && perhaps.add(thread);
  }

  /** Hands on the threads that were kept. */
  void handOn(Consumer<ThreadRecord> to) {
    for (ThreadRecord thread : perhaps) {
      Matcher worker = POOL_WORKER.matcher(thread.name());
      boolean carrier = worker.matches() && worker.group(1).equals(carrying);
      to.accept(carrier ? retyped(thread, CARRIER) : thread);
    }
    perhaps.clear();
  }
}
