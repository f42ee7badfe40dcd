package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.dump.CarrierHold.Held;
import dev.leakcheck.capture.threads.OwnThreads;
import dev.leakcheck.capture.threads.ThreadCounter;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps virtual threads where they are while the JVM dumps them, as JDK 25 needs it (JDK-8364343):
 * one that is mounted or unmounted while its stack is read may bring the JVM down.
 *
 * <p>A virtual thread moves only while a carrier works for it, so {@linkplain CarrierHold all
 * carriers are held}. One that cannot be had is little danger as long as the same virtual thread
 * stays on it, since that computes, or waits where it cannot be unmounted. Where a carrier goes
 * from one to the next and lets nobody in, there is no dump.
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

  /** So often in a row has a carrier that is not had to have the same virtual thread. */
  private static final int SAME_LOOKS = 20;

  /** The same for one that had it already at the end of the last wait. */
  private static final int SAME_LOOKS_AGAIN = 3;

  /** After so many it is said to more of the scheduler's queues that carriers are wanted. */
  private static final int SPREAD_LOOKS = 8;

  private static final int MOST_LOOKS = 400;
  private static final long BETWEEN_LOOKS_MILLIS = 1;

  private static final @Nullable HeldCarriers JVM = find();

  private final Scheduler scheduler;
  private final CarrierHold hold = new CarrierHold(ThreadCounter.jvm());
  private Map<Long, Integer> strangers = Map.of();
  private boolean hasRun;

  HeldCarriers(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  private static @Nullable HeldCarriers find() {
    VirtualScheduler scheduler = Jdk.DUMPS_NEED_STILLNESS ? VirtualScheduler.find() : null;
    return scheduler == null ? null : new HeldCarriers(scheduler);
  }

  /** The one of this JVM; null if its dumps need none, or if it has no virtual threads. */
  static @Nullable HeldCarriers jvm() {
    return JVM;
  }

  /**
   * Looks while no virtual thread moves.
   *
   * @param look what to do; it runs on a platform thread, as a virtual one would need a carrier
   * @return by their ids, threads that are seen in the look and nobody's: LeakCheck's own, and
   *     those that were started since all others stood still
   * @throws MovingException if they did not stand still; nothing was looked at
   * @throws Exception what the look threw
   */
  LongPredicate during(Look look) throws Exception {
    return Jdk.isVirtual(Thread.currentThread()) ? onPlatformThread(look) : hold(look);
  }

  private LongPredicate onPlatformThread(Look look) throws Exception {
    FutureTask<LongPredicate> looking = new FutureTask<>(() -> hold(look));
    if (ThreadCounter.jvm().startOwn("leakcheck-dump", looking) == null) {
      throw new IOException("no room for a thread to take it on");
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return looking.get();
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized LongPredicate hold(Look look) throws Exception {
    hasRun = hasRun || scheduler.carriers() > 0; // no virtual thread ran before the first carrier
    if (!hasRun) {
      look.run();
      return id -> false;
    }
    long last = ThreadCounter.jvm().read().lastId();
    Held held = hold.take(scheduler.parallelism());
    try {
      awaitStillness(held);
      Set<Long> own = OwnThreads.virtualIds();
      look.run();
      return id -> id > last || own.contains(id);
    } finally {
      hold.release(held);
    }
  }

  private void awaitStillness(Held held) throws MovingException {
    Carriers before = Carriers.NONE;
    int same = 0;
    boolean interrupted = false;
    try {
      for (int looks = 0; looks < MOST_LOOKS; looks++) {
        boolean had = false;
        try {
          if (looks % SPREAD_LOOKS == SPREAD_LOOKS - 1) {
            hold.spread(held);
          }
          had = held.await(BETWEEN_LOOKS_MILLIS);
        } catch (InterruptedException later) {
          interrupted = true;
        }
        Carriers now = Carriers.look(held.identities());
        same = now.isStill(held.carriers()) && now.equals(before) ? same + 1 : 0;
        boolean known = strangers.entrySet().containsAll(now.strangers().entrySet());
        if ((had && now.isAllHeld()) || same >= (known ? SAME_LOOKS_AGAIN : SAME_LOOKS)) {
          strangers = now.strangers();
          return;
        }
        hold.queue(held, now.strangers().size());
        before = now;
      }
      throw new MovingException();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
