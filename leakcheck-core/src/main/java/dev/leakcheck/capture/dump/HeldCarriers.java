package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.dump.CarrierHold.Held;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter;
import java.io.IOException;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Keeps virtual threads where they are while the JVM dumps them, as JDK 25 needs it (JDK-8364343):
 * one that is mounted or unmounted while its stack is read brings the JVM down.
 *
 * <p>A virtual thread moves only while a carrier works for it, so {@linkplain CarrierHold all
 * carriers are held}. That takes a tenth of a millisecond. One that cannot be had is no danger as
 * long as the same virtual thread stays on it, since that computes or waits where it cannot be
 * unmounted. Where a carrier goes from one to the next and lets nobody in, there is no dump.
 *
 * <p>Thread-safe: one look at a time.
 */
final class HeldCarriers {

  /** Something that needs virtual threads to stand still. */
  @FunctionalInterface
  interface Look {
    void run() throws Exception;
  }

  /** What the JVM tells of those who carry virtual threads. */
  interface Scheduler {

    /** How many there are; none before the first virtual thread was started. */
    long carriers() throws Exception;

    /** How many virtual threads are mounted, as an estimate. */
    long mounted() throws Exception;

    /** How many may work at a time. */
    int parallelism() throws Exception;
  }

  /** Virtual threads did not stand still. */
  static final class MovingException extends Exception {
    private static final long serialVersionUID = 1L;

    private MovingException() {
      super(
          "virtual threads never stood still, and on JDK 25 a dump of one that moves may bring the"
              + " JVM down: JDK-8364343");
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  private static final String CARRIER = "jdk.internal.misc.CarrierThread";
  private static final String VIRTUAL_THREAD = "java.lang.VirtualThread";

  /** So often in a row has each carrier to have the same virtual thread. */
  private static final int SAME_LOOKS = 50;

  private static final int MOST_LOOKS = 500;
  private static final long BETWEEN_LOOKS_MILLIS = 1;

  private final Scheduler scheduler;
  private final CarrierHold hold = new CarrierHold(ThreadCounter.jvm());
  private boolean hasRun;

  HeldCarriers(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Of this JVM; null if its dumps need none, or if it has no virtual threads. */
  static @Nullable HeldCarriers find() {
    VirtualScheduler scheduler = Jdk.DUMPS_NEED_STILLNESS ? VirtualScheduler.find() : null;
    return scheduler == null ? null : new HeldCarriers(scheduler);
  }

  /**
   * Looks while no virtual thread moves.
   *
   * @param look what to do; it runs on a platform thread, as a virtual one would need a carrier
   * @return ids of LeakCheck's own virtual threads, which the look sees
   * @throws MovingException if they did not stand still; nothing was looked at
   * @throws Exception what the look threw
   */
  Set<Long> during(Look look) throws Exception {
    return Jdk.isVirtual(Thread.currentThread()) ? onPlatformThread(look) : hold(look);
  }

  private Set<Long> onPlatformThread(Look look) throws Exception {
    FutureTask<Set<Long>> looking = new FutureTask<>(() -> hold(look));
    if (!ThreadCounter.jvm().startOwn("leakcheck-dump", looking)) {
      throw new IOException("no room for a thread to take it on");
    }
    try {
      return looking.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private synchronized Set<Long> hold(Look look) throws Exception {
    hasRun = hasRun || scheduler.carriers() > 0; // no virtual thread ran before the first carrier
    if (!hasRun) {
      look.run();
      return Set.of();
    }
    int carriers = scheduler.parallelism();
    Held held = hold.take(carriers);
    try {
      awaitStillness(held, carriers);
      look.run();
      return hold.ids(held);
    } finally {
      hold.release(held);
    }
  }

  private void awaitStillness(Held held, int carriers) throws Exception {
    Map<Long, Integer> before = Map.of();
    int same = 0;
    for (int looks = 0; looks < MOST_LOOKS; looks++) {
      if (held.await(BETWEEN_LOOKS_MILLIS) && scheduler.mounted() == carriers) {
        return;
      }
      Map<Long, Integer> mounted = mounted();
      same = mounted.size() >= carriers && mounted.equals(before) ? same + 1 : 0;
      if (same == SAME_LOOKS) {
        return;
      }
      before = mounted;
    }
    throw new MovingException();
  }

  /** By carrier, the identity of the virtual thread on it. */
  private static Map<Long, Integer> mounted() {
    long[] carriers =
        LiveThreads.all().stream()
            .filter(thread -> thread.getClass().getName().equals(CARRIER))
            .mapToLong(LiveThreads::id)
            .toArray();
    Map<Long, Integer> mounted = new HashMap<>();
    for (ThreadInfo carrier : ManagementFactory.getThreadMXBean().getThreadInfo(carriers)) {
      LockInfo carried = carrier == null ? null : carrier.getLockInfo();
      if (carried != null && carried.getClassName().equals(VIRTUAL_THREAD)) {
        mounted.put(carrier.getThreadId(), carried.getIdentityHashCode());
      }
    }
    return mounted;
  }
}
