package dev.leakcheck.inspect;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.objects.ForkJoinTasks;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.record.ForkJoinTaskBirth;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.Check;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * One look for tasks of a scope, recorded by an agent, in fork-join pools that are older than the
 * scope. A task that is neither done nor queued runs. Used by one thread.
 */
final class ForkJoinSearch {

  private final Check check;
  private final LeftoverTaskInspector.Opened opened;
  private final TaskSearch places;

  ForkJoinSearch(Check check, LeftoverTaskInspector.Opened opened, TaskSearch places) {
    this.check = check;
    this.opened = opened;
    this.places = places;
  }

  List<LeftTask> find() {
    List<LeftTask> found = new ArrayList<>();
    for (ForkJoinTaskBirth birth : check.born().tasks(ForkJoinTaskBirth.class)) {
      LeftTask left = left(birth, check.madeBy(birth.origin()));
      if (left != null && birth.isLeft()) {
        found.add(left);
      }
    }
    return found;
  }

  private @Nullable LeftTask left(ForkJoinTaskBirth birth, Origin origin) {
    Object task = birth.task();
    Object leads = birth.code();
    ForkJoinPool pool = birth.pool();
    if (task == null || leads == null || pool == null) {
      return null;
    }
    Schedule schedule = ForkJoinTasks.schedule(task);
    if (schedule == null ? !places.isJudged(pool) : !isJudged(schedule, pool)) {
      return null;
    }
    Object code = places.owner().code(leads);
    if (code == null || places.owner().others(code, pool, origin) != null) {
      return null;
    }
    Object given = TaskProbe.given(leads);
    return new LeftTask(
        task,
        code.getClass().getName(),
        (given == null ? code : given).getClass().getName(),
        pool,
        places.owner().heldBy(pool),
        CommonPool.is(pool) ? "everybody's" : places.standing(pool),
        schedule,
        schedule != null || ForkJoinTasks.queued(pool).contains(task) ? null : runner(pool, code),
        false,
        birth,
        origin);
  }

  /** In the common pool only what is scheduled is judged here. */
  private boolean isJudged(Schedule schedule, ForkJoinPool pool) {
    return !opened.isSoon(schedule, check) && (CommonPool.is(pool) || places.isJudged(pool));
  }

  /** The worker that runs code, or one of several that do; null if none can be told. */
  private static @Nullable Thread runner(ForkJoinPool pool, Object code) {
    List<Thread> busy = new ArrayList<>();
    for (Thread thread : LiveThreads.all()) {
      if (thread instanceof ForkJoinWorkerThread worker && Ask.pool(worker) == pool) {
        busy.add(thread);
      }
    }
    List<ThreadRecord> workers = new ArrayList<>(LiveThreads.describe(busy));
    workers.removeIf(
        worker -> !Stacks.has(worker.stack(), "java.util.concurrent.ForkJoinTask", "doExec"));
    String source = StaticFields.source(code.getClass());
    long id =
        workers.stream()
            .filter(worker -> runs(worker, source))
            .min(Comparator.comparingLong(ThreadRecord::id))
            .map(ThreadRecord::id)
            .orElse(workers.size() == 1 ? workers.get(0).id() : -1L);
    return busy.stream().filter(thread -> LiveThreads.id(thread) == id).findFirst().orElse(null);
  }

  private static boolean runs(ThreadRecord worker, String source) {
    return worker.stack().stream().anyMatch(frame -> Stacks.isIn(frame.getClassName(), source));
  }
}
