package dev.leakcheck.inspect;

import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.classify.Symptom;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.Inspector;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds tasks that run or wait in the common pool and were given to it in the scope.
 *
 * <p>Nothing says who gave a task to the pool, so that it is told by time, and only where that is
 * safe. If the pool did nothing when the scope opened, what it does at the end came in between. If
 * it was busy, the scope answers for what came only if all that was there has not moved, since what
 * moves may have brought more. If scopes overlap, as those of tests that run at the same time do,
 * the scope around them answers. Thread-safe.
 */
final class BusyCommonPoolInspector implements Inspector {

  /** How often the pool was seen to have become idle: what it runs after that is new. */
  private final AtomicLong idles = new AtomicLong();

  private volatile boolean wasBusy;

  /** What the pool did when a scope opened. */
  private static final class Opened {
    final List<ThreadRecord> workers;
    final long queued;

    /** A scope inside this one saw something and could not tell whose it was. */
    volatile boolean owed;

    Opened(List<ThreadRecord> workers, long queued) {
      this.workers = workers;
      this.queued = queued;
    }
  }

  @Override
  public Object opening(Opening opening) {
    if (opening.options().parent() == null) {
      CommonPool.look();
    }
    return isBusy()
        ? new Opened(CommonPool.busyWorkers(), CommonPool.queued())
        : new Opened(List.of(), 0);
  }

  @Override
  public boolean suspects(Check check, @Nullable Object opened) {
    return isBusy();
  }

  private boolean isBusy() {
    boolean busy = CommonPool.isBusy();
    if (!busy && wasBusy) {
      wasBusy = false;
      idles.incrementAndGet();
    }
    return busy;
  }

  @Override
  public List<Symptom> inspect(Check check, @Nullable Object opened) {
    if (!(opened instanceof Opened before) || check.isFieldsOnly() || !isBusy()) {
      return List.of();
    }
    wasBusy = true;
    Scope scope = check.scope();
    if (scope.options().isUnattributed() && !before.owed) {
      return List.of();
    }
    List<ThreadRecord> workers = new ArrayList<>(CommonPool.busyWorkers());
    long queued = CommonPool.queued();
    if (before.queued > 0 || !before.workers.stream().allMatch(old -> stays(old, workers))) {
      return List.of();
    }
    workers.removeIf(worker -> before.workers.stream().anyMatch(old -> old.id() == worker.id()));
    Set<String> identities = new HashSet<>();
    workers.removeIf(worker -> check.isTold(identity(worker)));
    workers.forEach(worker -> identities.add(identity(worker)));
    String ofQueued = identity("queued");
    if (queued > 0 && !check.isTold(ofQueued)) {
      identities.add(ofQueued);
    }
    if (identities.isEmpty()) {
      return List.of();
    }
    if (check.born().isOverlapped()) {
      for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
        if (outer.memories().of(this) instanceof Opened around) {
          around.owed = true;
        }
      }
      return List.of();
    }
    return List.of(new BusyCommonPool(workers, queued, before.owed, identities));
  }

  /** Whether a worker is still where it was, without a time limit. */
  private static boolean stays(ThreadRecord old, List<ThreadRecord> workers) {
    return old.waitsForEver()
        && workers.stream()
            .anyMatch(
                worker ->
                    worker.id() == old.id()
                        && worker.waitsForEver()
                        && worker.stack().equals(old.stack()));
  }

  /** A worker and what it was given, whatever that does just now. */
  private String identity(ThreadRecord worker) {
    List<StackTraceElement> own = Stacks.own(worker.stack());
    StackTraceElement first = own.isEmpty() ? null : own.get(own.size() - 1);
    return identity(
        worker.id()
            + (first == null ? "" : " " + first.getClassName() + "." + first.getMethodName()));
  }

  private String identity(String task) {
    return LeakKind.BUSY_COMMON_POOL.id() + " " + idles.get() + " " + task;
  }
}
