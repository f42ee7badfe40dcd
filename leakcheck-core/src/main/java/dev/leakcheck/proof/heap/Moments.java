package dev.leakcheck.proof.heap;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.proof.walk.PrintedThreads;
import dev.leakcheck.proof.walk.Waiter;
import java.io.IOException;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * In which wait each thread is at a moment. Before Java 19 the JVM's own descriptions call the
 * {@code getId()} of threads and of those that hold locks. While a thread lives whose class
 * overrides that, what {@code Thread.print} prints has to do: it has the JVM's own ids. Immutable.
 */
final class Moments {

  private final Map<Long, ThreadInfo> infos;
  private final @Nullable PrintedThreads printed;

  private Moments(Map<Long, ThreadInfo> infos, @Nullable PrintedThreads printed) {
    this.infos = infos;
    this.printed = printed;
  }

  /** Prints threads once more. */
  @FunctionalInterface
  interface Printing {
    String print() throws IOException;
  }

  /**
   * As it is now.
   *
   * @param print what {@code Thread.print} printed just now
   */
  static Moments now(String print) {
    Map<Long, ThreadInfo> infos = infos();
    return infos == null
        ? new Moments(Map.of(), new PrintedThreads(print))
        : new Moments(infos, null);
  }

  /** By their ids; null if that would run code of a thread's class. */
  private static @Nullable Map<Long, ThreadInfo> infos() {
    if (LiveThreads.withOverriddenId().isPresent()) {
      return null;
    }
    Map<Long, ThreadInfo> infos = new HashMap<>();
    for (ThreadInfo info : ManagementFactory.getThreadMXBean().dumpAllThreads(false, false, 0)) {
      infos.put(info.getThreadId(), info);
    }
    return infos;
  }

  /** What threads are called, by their ids. */
  Map<Long, String> names() {
    Map<Long, String> names = new HashMap<>();
    infos.forEach((id, info) -> names.put(id, info.getThreadName()));
    return printed == null ? names : printed.names();
  }

  /** One that wants a monitor may wake now and then; who holds that tells whether it goes on. */
  private boolean isWaiting(long id) {
    ThreadInfo info = infos.get(id);
    return info == null || info.getThreadState() != Thread.State.BLOCKED;
  }

  /**
   * Threads that now are in the wait that they were in.
   *
   * @param again prints them once more
   * @param slept whether the system had a thread asleep, as far as that is told
   */
  Map<Long, Waiter> lasting(Printing again, LongPredicate slept) throws IOException {
    if (printed != null) {
      return new PrintedThreads(again.print()).since(printed, slept);
    }
    Map<Long, ThreadInfo> after = infos();
    Map<Long, Waiter> waiters = new HashMap<>();
    infos.forEach(
        (id, info) -> {
          ThreadInfo later = after == null ? null : after.get(id);
          if (later != null
              && info.getThreadState() == later.getThreadState()
              && info.getWaitedCount() == later.getWaitedCount()
              && info.getBlockedCount() == later.getBlockedCount()
              && info.getLockOwnerId() == later.getLockOwnerId()) {
            LockInfo lock = later.getLockInfo();
            waiters.put(
                id, new Waiter(lock == null ? null : lock.getClassName(), later.getLockOwnerId()));
          }
        });
    waiters.keySet().removeIf(id -> isWaiting(id) && !slept.test(id));
    return waiters;
  }
}
