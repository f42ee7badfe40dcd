package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.objects.ThreadLocalContent;
import dev.leakcheck.capture.objects.ThreadLocals;
import dev.leakcheck.capture.record.BirthScope;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.filter.KnownThreadLocal;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds values that a scope left in thread-locals of threads that outlive it: the thread that opens
 * and checks it, and workers of pools that are older. Needs an agent, whatever it records, which
 * opens the JDK.
 *
 * <p>A test looks at its own thread and at the workers of pools that the scopes around it made,
 * which are few and known, those included that such a pool starts meanwhile. A class, a run or a
 * scope in code also looks at all other threads that were there. Workers that serve scopes which
 * overlap are left alone: whose task it was is not known. So are new ones that began with code of
 * the pool's owner, which may keep something for each worker.
 */
final class ThreadLocalResidueInspector implements Inspector {

  /** How long a worker may take from the end of a task to waiting for the next. */
  private static final long IDLE_WITHIN_NANOS = 200_000_000;

  private static final long PAUSE_NANOS = 100_000;

  private static final long[] NONE = {};

  /** What a thread kept when a scope opened. The thread is held weakly. */
  private static final class Before extends WeakReference<Thread> {
    final long[] ids;
    final boolean isNew;

    private Before(Thread thread, long[] ids, boolean isNew) {
      super(thread);
      this.ids = ids;
      this.isNew = isNew;
    }

    static Before of(Thread thread) {
      return new Before(thread, ThreadLocals.ids(thread), false);
    }

    static Before ofNew(Thread thread) {
      return new Before(thread, NONE, true);
    }

    long[] added(Thread thread) {
      long[] now = ThreadLocals.ids(thread);
      if (Arrays.equals(now, ids)) {
        return NONE;
      }
      return Arrays.stream(now)
          .filter(id -> Arrays.stream(ids).noneMatch(old -> old == id))
          .toArray();
    }
  }

  /**
   * What threads kept when a scope opened, that of its own first.
   *
   * @param newest the highest id of these threads
   */
  private record Opened(List<Before> threads, long newest) {

    static Opened of(List<Thread> threads) {
      return new Opened(
          threads.stream().map(Before::of).toList(),
          threads.stream().mapToLong(LiveThreads::id).max().orElse(0));
    }

    /** These threads, and workers that pools of the scopes around have started since. */
    List<Before> withNewWorkers(@Nullable BirthScope births) {
      if (births == null) {
        return threads;
      }
      List<Before> all = threads;
      for (Thread worker : Births.jvm().workersAround(births)) {
        if (LiveThreads.id(worker) > newest) {
          all = all == threads ? new ArrayList<>(threads) : all;
          all.add(Before.ofNew(worker));
        }
      }
      return all;
    }
  }

  @Override
  public @Nullable Object opening(Opening opening) {
    BirthScope births = opening.births();
    if (births == null || !ThreadLocals.areReadable()) {
      return null;
    }
    Thread own = Thread.currentThread();
    List<Thread> threads = new ArrayList<>();
    if (!Jdk.isVirtual(own)) {
      threads.add(own);
    }
    List<Thread> others =
        opening.options().isBrief() ? Births.jvm().workersAround(births) : LiveThreads.all();
    for (Thread other : others) {
      if (other != own) {
        threads.add(other);
      }
    }
    return Opened.of(threads);
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    if (opened instanceof Opened before) {
      for (Before one : before.withNewWorkers(check.scope().births())) {
        Thread thread = one.get();
        if (thread != null && one.added(thread).length > 0 && isJudged(thread, check.scope())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isJudged(Thread thread, Scope scope) {
    BirthScope births = scope.births();
    return thread == Thread.currentThread() || (births != null && !births.metOthers());
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (!(opened instanceof Opened before)
        || check.isFieldsOnly()
        || check.scope().options().isUnattributed()) {
      return List.of();
    }
    List<Symptom> symptoms = new ArrayList<>();
    for (Before one : before.withNewWorkers(check.scope().births())) {
      Thread thread = one.get();
      if (thread != null && thread.isAlive() && isJudged(thread, check.scope())) {
        boolean own = thread == Thread.currentThread();
        if (one.added(thread).length > 0 && (own || isIdle(thread, one.isNew))) {
          for (ThreadLocals.Kept kept : ThreadLocals.describe(thread, one.added(thread))) {
            if (KnownThreadLocal.match(value(kept)).isEmpty()) {
              symptoms.add(symptom(thread, own, kept));
            }
          }
        }
      }
    }
    return symptoms;
  }

  private static ThreadLocalResidue symptom(Thread thread, boolean own, ThreadLocals.Kept kept) {
    return new ThreadLocalResidue(
        kept.id(),
        LiveThreads.withoutStack(thread),
        own,
        kept.type(),
        kept.declaredBy(),
        kept.field(),
        kept.object());
  }

  private static KnownThreadLocal.Value value(ThreadLocals.Kept kept) {
    return new KnownThreadLocal.Value(
        kept.value() == ThreadLocalContent.REFERENCE,
        kept.value() == ThreadLocalContent.NOTHING,
        kept.value() == ThreadLocalContent.TOOL,
        kept.initial(),
        kept.place() == ThreadLocals.Place.LIBRARY,
        kept.place() == ThreadLocals.Place.NOWHERE,
        kept.ownValue());
  }

  /**
   * A worker that has just ended a task may not have run its last {@code finally} yet.
   *
   * @param barely whether it must have begun with the JDK's code alone
   */
  private static boolean isIdle(Thread thread, boolean barely) {
    long until = System.nanoTime() + IDLE_WITHIN_NANOS;
    do {
      List<ThreadRecord> described = LiveThreads.describe(List.of(thread));
      if (described.isEmpty()) {
        return false;
      }
      List<StackTraceElement> stack = described.get(0).stack();
      if (WorkerStacks.isIdlePoolWorker(stack) || WorkerStacks.isIdleForkJoinWorker(stack)) {
        return !barely || Stacks.own(stack).isEmpty();
      }
      if (!WorkerStacks.isPoolWorker(stack)) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (System.nanoTime() < until);
    return false;
  }
}
