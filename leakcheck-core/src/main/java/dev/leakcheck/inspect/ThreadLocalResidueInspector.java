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
 * which are few and known. A class, a run or a scope in code also looks at all other threads that
 * were there. Workers that serve scopes which overlap are left alone: whose task it was is not
 * known.
 */
final class ThreadLocalResidueInspector implements Inspector {

  /** How long a worker may take from the end of a task to waiting for the next. */
  private static final long IDLE_WITHIN_NANOS = 200_000_000;

  private static final long PAUSE_NANOS = 100_000;

  /** What a thread kept when a scope opened. The thread is held weakly. */
  private static final class Before extends WeakReference<Thread> {
    final long[] ids;

    Before(Thread thread) {
      super(thread);
      ids = ThreadLocals.ids(thread);
    }

    long[] added(Thread thread) {
      long[] now = ThreadLocals.ids(thread);
      if (Arrays.equals(now, ids)) {
        return new long[0];
      }
      return Arrays.stream(now)
          .filter(id -> Arrays.stream(ids).noneMatch(old -> old == id))
          .toArray();
    }
  }

  /** What threads kept when a scope opened, that of its own first. */
  private record Opened(List<Before> threads) {}

  @Override
  public @Nullable Object opening(Opening opening) {
    BirthScope births = opening.births();
    if (births == null || !ThreadLocals.areReadable()) {
      return null;
    }
    Thread own = Thread.currentThread();
    List<Before> before = new ArrayList<>();
    if (!Jdk.isVirtual(own)) {
      before.add(new Before(own));
    }
    List<Thread> others =
        opening.options().isBrief() ? Births.jvm().workersAround(births) : LiveThreads.all();
    for (Thread other : others) {
      if (other != own) {
        before.add(new Before(other));
      }
    }
    return new Opened(before);
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    if (opened instanceof Opened before) {
      for (Before one : before.threads) {
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
    for (Before one : before.threads) {
      Thread thread = one.get();
      if (thread != null && thread.isAlive() && isJudged(thread, check.scope())) {
        boolean own = thread == Thread.currentThread();
        if (one.added(thread).length > 0 && (own || isIdle(thread))) {
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

  /** A worker that has just ended a task may not have run its last {@code finally} yet. */
  private static boolean isIdle(Thread thread) {
    long until = System.nanoTime() + IDLE_WITHIN_NANOS;
    do {
      List<ThreadRecord> described = LiveThreads.describe(List.of(thread));
      if (described.isEmpty()) {
        return false;
      }
      List<StackTraceElement> stack = described.get(0).stack();
      if (Stacks.isIdlePoolWorker(stack) || Stacks.isIdleForkJoinWorker(stack)) {
        return true;
      }
      if (!Stacks.isPoolWorker(stack)) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (System.nanoTime() < until);
    return false;
  }
}
