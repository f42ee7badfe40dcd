package dev.leakcheck.engine;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.engine.tier.Tier;
import dev.leakcheck.filter.KnownThread;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything alive could still change what a check finds.
 *
 * <p>Nothing can if every thread, suspect or not, waits without a time limit: nobody is left to
 * wake anybody. Left out of account are the thread that checks, benign threads that never run the
 * user's code, idle workers of a fork-join pool, whose time limit ends the worker and not the pool,
 * and idle workers of other pools that are not suspects themselves. Threads in a system call count
 * as running: the answer may come. A thread that waits with a time limit counts as well, whatever
 * it waits for, and so does one that was interrupted and has not taken notice of that yet: a worker
 * of a pool that was shut down just now waits as if nothing had happened until it gets a processor.
 *
 * <p>Threads of {@linkplain OldLeaks leaks that were told before} are set apart, and so are idle
 * workers of pools that are suspects and wait with a time limit: whether they count is for the
 * caller to say.
 *
 * <p>One look is not enough, as a thread that was woken may not have moved yet; the caller compares
 * looks that are some time apart.
 */
final class Stillness {

  /** A dump that takes a greater part of the time that is left costs more than waiting. */
  private static final int AFFORDABLE_PART = 4;

  private final Suspicion check;
  private final Tier tier;
  private final Shared shared;
  private final OldLeaks old;

  Stillness(Suspicion check) {
    this.check = check;
    this.tier = check.tier();
    this.shared = check.shared();
    this.old = new OldLeaks(check);
  }

  /**
   * A JVM in which nothing moves.
   *
   * @param reading the thread counters
   * @param threads what every suspect waits for, and where, by thread id
   * @param ticking threads of leaks that were told before, which do not stand still; of those that
   *     were told of as one leak the first
   * @param idles whether a suspect is an idle worker that waits for a task with a time limit
   * @param dump the dump that was looked at, or null on a JDK without virtual threads
   */
  record Look(
      Reading reading,
      Map<Long, Place> threads,
      Set<Long> ticking,
      boolean idles,
      @Nullable ThreadDump dump) {

    /** Whether nobody at all is about to do something. */
    boolean isAtRest() {
      return ticking.isEmpty() && !idles;
    }

    /** Whether what is suspected has not moved. */
    boolean sameAs(Look later) {
      return reading.sameAs(later.reading) && threads.equals(later.threads);
    }
  }

  /** What is about to do something, and may yet be left out of account. */
  private record Movers(Set<Long> ticking, boolean idles) {}

  record Place(Thread.State state, List<StackTraceElement> stack, @Nullable Blocker blocker) {}

  /**
   * Looks once. Null if something moves, or if that cannot be told.
   *
   * @param suspects the threads that have to end
   * @param dump the dump to look at; it is taken if it can be afforded
   * @param nanosLeft how long the check may go on
   */
  @Nullable Look look(List<Thread> suspects, LookDump dump, long nanosLeft) {
    Reading reading = shared.counter().read();
    Map<Long, Place> places = new TreeMap<>();
    Movers movers = movers(suspects, places, dump);
    if (movers == null) {
      return null;
    }
    Set<Long> ticking = movers.ticking();
    if (!Jdk.HAS_CONTAINERS) {
      return new Look(reading, places, ticking, movers.idles(), null);
    }
    boolean affordable = dump.isTaken() || shared.lastDumpNanos() <= nanosLeft / AFFORDABLE_PART;
    if (!affordable || !tier.listsVirtual()) {
      return null;
    }
    ThreadDump listed = dump.get();
    if (tier.isFailed(listed)) {
      return null;
    }
    for (ThreadRecord thread : listed.threads()) {
      if (thread.virtual()) {
        boolean suspected = check.suspects().isNewVirtual(thread.id());
        if (mayMove(thread)) {
          if (suspected || !old.ticks(thread)) {
            return null;
          }
          ticking.add(old.firstLike(thread.id()));
        }
        if (suspected) {
          places.put(thread.id(), place(thread));
        }
      }
    }
    return new Look(reading, places, ticking, movers.idles(), listed);
  }

  /** A virtual thread's state does not tell that it waits for input, which may come. */
  private static boolean mayMove(ThreadRecord virtual) {
    return (!virtual.waitsForEver() || WorkerStacks.isInIo(virtual.stack()))
        && virtual.id() != LiveThreads.id(Thread.currentThread())
        && !KnownThreads.match(virtual).map(KnownThread::isInert).orElse(false);
  }

  /**
   * Looks once more where a cause is known already: without a dump, if an earlier look found no
   * virtual thread at all and none can have been created since.
   *
   * @return null if that is not so, or if something moves
   */
  @Nullable Look lookAgain(List<Thread> suspects, LookDump taken, Look earlier) {
    ThreadDump dump = earlier.dump();
    Reading reading = shared.counter().read();
    if ((dump != null && dump.threads().stream().anyMatch(ThreadRecord::virtual))
        || !earlier.reading().sameAs(reading)) {
      return null;
    }
    Map<Long, Place> places = new TreeMap<>();
    Movers movers = movers(suspects, places, taken);
    return movers == null
        ? null
        : new Look(reading, places, movers.ticking(), movers.idles(), dump);
  }

  /** Whether the suspects are still where a look saw them, and no thread was made since. */
  boolean holds(Look look, List<Thread> suspects) {
    Map<Long, Place> places = places(suspects);
    return suspects.stream()
            .map(LiveThreads::id)
            .allMatch(id -> Objects.equals(places.get(id), look.threads().get(id)))
        && suspects.stream().noneMatch(thread -> isWoken(thread, AskThread.state(thread)))
        && look.reading().sameAs(shared.counter().read());
  }

  /** Whether a thread has yet to take notice of an interrupt, which ends every wait. */
  static boolean isWoken(Thread thread, Thread.State state) {
    return state == Thread.State.WAITING && AskThread.isInterrupted(thread);
  }

  private static Map<Long, Place> places(List<Thread> threads) {
    Map<Long, Place> places = new HashMap<>();
    for (ThreadRecord thread : LiveThreads.describe(threads)) {
      places.put(thread.id(), place(thread));
    }
    return places;
  }

  private static Place place(ThreadRecord thread) {
    return new Place(thread.state(), thread.stack(), thread.blocker());
  }

  /** Threads of old leaks that were seen not to stand still, at any look. */
  Set<Long> ticked() {
    return old.ticked();
  }

  /**
   * The platform threads that do not stand still; null if there are others than may be left out of
   * account.
   *
   * @param places where the suspects are; filled in
   */
  private @Nullable Movers movers(List<Thread> suspects, Map<Long, Place> places, LookDump dump) {
    List<Thread> all = LiveThreads.all();
    List<Thread.State> states = LiveThreads.states(all);
    Map<Long, Thread> moving = new HashMap<>();
    Set<Long> woken = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      Thread thread = all.get(i);
      Thread.State state = states.get(i);
      boolean interrupted = isWoken(thread, state);
      if (interrupted) {
        woken.add(LiveThreads.id(thread));
      }
      boolean waits = state == Thread.State.WAITING || state == Thread.State.BLOCKED;
      if ((interrupted || !waits) && thread != Thread.currentThread()) {
        moving.put(LiveThreads.id(thread), thread);
      }
    }
    Set<Long> suspected = new HashSet<>();
    suspects.forEach(thread -> suspected.add(LiveThreads.id(thread)));
    Set<Long> ticking = new HashSet<>();
    boolean idles = false;
    for (ThreadRecord thread : LiveThreads.describe(moving.values())) {
      boolean endsByItself =
          WorkerStacks.isUnscheduledIdlePoolWorker(thread.stack())
              && !suspected.contains(thread.id());
      boolean moves =
          woken.contains(thread.id())
              || (!thread.waitsForEver()
                  && !endsByItself
                  && !WorkerStacks.isIdleForkJoinWorker(thread.stack()));
      if (moves && !KnownThreads.match(thread).map(KnownThread::isInert).orElse(false)) {
        Thread live = moving.get(thread.id());
        if (suspected.contains(thread.id())) {
          if (woken.contains(thread.id()) || !WorkerStacks.isIdlePoolWorker(thread.stack())) {
            return null;
          }
          idles = true;
        } else if (live == null || !old.ticks(live, thread, dump)) {
          return null;
        } else {
          ticking.add(old.firstLike(thread.id()));
        }
      }
    }
    places.putAll(places(suspects));
    return new Movers(ticking, idles);
  }
}
