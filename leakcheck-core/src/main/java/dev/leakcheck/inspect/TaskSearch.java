package dev.leakcheck.inspect;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.FutureTasks;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.GivenTaskBirth;
import dev.leakcheck.capture.record.TaskBirth;
import dev.leakcheck.capture.threads.CommonPool;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.engine.Check;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.LiveExecutors;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Origin;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One look for tasks of a scope in executors of somebody else's. Used by one thread. */
final class TaskSearch {

  /** How often queues are looked at again for a task that is in none and that nobody runs now. */
  private static final int LOOKS = 100;

  private static final long BETWEEN_LOOKS_NANOS = 500_000;

  private final Check check;
  private final LeftoverTaskInspector.Opened opened;
  private final LeftoverTaskInspector inspector;
  private @Nullable TaskOwner owner;

  private final WorkQueues queues;

  /** Whether executors that are new are everybody's, each asked once however many tasks it has. */
  private final Map<ExecutorService, Boolean> shared = new IdentityHashMap<>();

  private final List<LeftTask> found = new ArrayList<>();
  private int looksLeft = LOOKS;

  TaskSearch(Check check, LeftoverTaskInspector.Opened opened, LeftoverTaskInspector inspector) {
    this.check = check;
    this.opened = opened;
    this.inspector = inspector;
    this.queues = new WorkQueues(check);
  }

  WorkQueues queues() {
    return queues;
  }

  List<LeftTask> find() {
    if (check.born().tellsTasks()) {
      for (TaskBirth birth : check.born().tasks(TaskBirth.class)) {
        FutureTask<?> task = birth.task();
        if (task != null && LeftoverTaskInspector.mayTell(birth)) {
          addRecorded(task, check.madeBy(birth.origin()));
        }
      }
      for (GivenTaskBirth birth : check.born().tasks(GivenTaskBirth.class)) {
        if (LeftoverTaskInspector.mayTell(birth)) {
          addGiven(birth, check.madeBy(birth.origin()));
        }
      }
      dropOuter();
      found.addAll(new ForkJoinSearch(check, opened, this).find());
    } else if (opened.firstTask() < 0) {
      sayWhatIsClosed();
    } else if (TaskProbe.next() != opened.firstTask()) {
      addScheduled();
    }
    return found;
  }

  /** Where the JDK keeps its fields closed, nothing tells what is older, nor whose code it is. */
  private void sayWhatIsClosed() {
    for (Scope scope = check.scope(); scope != null; scope = scope.parent()) {
      for (Holding held : ObjectGraph.direct(scope.instances(), scope.classes())) {
        if (held.object() instanceof ScheduledThreadPoolExecutor executor
            && isJudged(executor)
            && hasUnclear(executor)) {
          check.limitedBy(
              Coverage.limitedBy(
                  Coverage.Limit.FIELDS_UNREAD,
                  "whose tasks are in "
                      + held.holder().path()
                      + " was not seen: from Java 24 on that takes the agent"));
        }
      }
    }
  }

  /** All are asked, so that none is new to a later check. */
  private boolean hasUnclear(ExecutorService executor) {
    boolean any = false;
    for (Object task : queues.of(executor)) {
      any |= Ask.isPeriodic(task) && inspector.isFirstToSee(task, check.scope());
    }
    return any;
  }

  // With an agent

  /**
   * A thread that runs several runs one inside the other, as {@code invokeAny} makes one of each
   * that it is given: they are one, and were all cancelled if one was.
   */
  private void dropOuter() {
    Map<Thread, LeftTask> inner = new IdentityHashMap<>();
    for (LeftTask left : found) {
      if (left.runner() != null) {
        inner.merge(left.runner(), left, (one, other) -> one.cancelled() ? one : other);
      }
    }
    found.removeIf(left -> left.runner() != null && inner.get(left.runner()) != left);
  }

  private void addRecorded(FutureTask<?> task, Origin origin) {
    Schedule schedule = TaskProbe.schedule(task);
    Thread runner = FutureTasks.runner(task);
    if (runner == Thread.currentThread()
        || (schedule != null && check.outside().containsTask(schedule.number()))
        || (schedule != null && runner == null && opened.isSoonAgain(schedule, check))) {
      return;
    }
    ExecutorService executor = TaskProbe.executor(task);
    if (executor == null) {
      executor = runner == null ? executorWith(task) : LiveExecutors.of(runner, ThreadDump.NONE);
    }
    if (executor != null && isJudged(executor)) {
      add(task, executor, schedule, origin);
    }
  }

  private void addGiven(GivenTaskBirth birth, Origin origin) {
    Object task = birth.task();
    Thread runner = birth.runner();
    if (task == null || runner == Thread.currentThread()) {
      return;
    }
    ExecutorService executor = runner == null ? executorWith(task) : WorkerExecutors.ofAny(runner);
    if (executor == null || !isJudged(executor)) {
      return;
    }
    Object code = owner().code(task);
    LeftTask left = null;
    if (code != null) {
      left =
          isOfOthers(code, executor, null, origin)
              ? null
              : left(task, code, executor, null, runner, origin);
    } else if (runner != null) {
      left = left(task, executor, runner, false, origin);
    }
    if (left != null && birth.runner() == runner) {
      found.add(left.as(birth));
    }
  }

  private @Nullable ExecutorService executorWith(Object task) {
    for (ExecutorService executor : executors().keySet()) {
      if (isJudged(executor) && queues.has(task, executor)) {
        return executor;
      }
    }
    return null;
  }

  // Without

  private void addScheduled() {
    executors()
        .forEach(
            (executor, workers) -> {
              if (executor instanceof ScheduledThreadPoolExecutor && isJudged(executor)) {
                noteNew(executor, workers);
              }
            });
    for (WeakReference<FutureTask<?>> seen : opened.seen()) {
      FutureTask<?> task = seen.get();
      ExecutorService executor = task == null ? null : TaskProbe.executor(task);
      if (task != null && executor != null && isNew(task) && isJudged(executor)) {
        add(task, executor, TaskProbe.schedule(task), Origin.Unknown.NOT_RECORDED);
      }
    }
  }

  /**
   * What runs just now is in no queue, but soon again: it is waited for while a worker works, or
   * has ended a task since the queue was about to be read.
   */
  private void noteNew(ExecutorService executor, List<Thread> workers) {
    boolean any = false;
    long completed;
    do {
      completed = completed(workers);
      for (Object queued : queues.of(executor)) {
        if (TaskProbe.scheduled(queued) instanceof FutureTask<?> task && isNew(task)) {
          opened.see(task);
          any = true;
        }
      }
    } while (!any
        && (workers.stream().anyMatch(one -> AskThread.state(one) == Thread.State.RUNNABLE)
            || completed(workers) != completed)
        && lookAgain(executor));
  }

  private static long completed(List<Thread> workers) {
    return workers.stream().mapToLong(WorkerExecutors::completed).sum();
  }

  /** False if that was done often enough. */
  private boolean lookAgain(ExecutorService executor) {
    if (looksLeft == 0) {
      return false;
    }
    looksLeft--;
    LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    queues.forget(executor);
    return true;
  }

  private boolean isNew(FutureTask<?> task) {
    Schedule schedule = TaskProbe.schedule(task);
    return schedule != null
        && schedule.isPeriodic()
        && schedule.number() >= opened.firstTask()
        && !check.outside().containsTask(schedule.number());
  }

  // Of both

  TaskOwner owner() {
    TaskOwner whose = owner == null ? new TaskOwner(check) : owner;
    owner = whose;
    return whose;
  }

  private void add(
      FutureTask<?> task, ExecutorService executor, @Nullable Schedule schedule, Origin origin) {
    Object code = owner().code(task);
    if (code == null) {
      addRunning(task, executor, origin);
    } else if (!isOfOthers(code, executor, schedule, origin) && isThere(task, executor)) {
      found.add(left(task, code, executor, schedule, FutureTasks.runner(task), origin));
    }
  }

  private LeftTask left(
      Object task,
      Object code,
      ExecutorService executor,
      @Nullable Schedule schedule,
      @Nullable Thread runner,
      Origin origin) {
    Object given = TaskProbe.given(task);
    return new LeftTask(
        task,
        code.getClass().getName(),
        (given == null ? code : given).getClass().getName(),
        executor,
        owner().heldBy(executor),
        standing(executor),
        schedule,
        runner,
        false,
        null,
        origin);
  }

  private void addRunning(FutureTask<?> task, ExecutorService executor, Origin origin) {
    Thread runner = FutureTasks.runner(task);
    if (runner != null) {
      LeftTask left = left(task, executor, runner, Ask.isCancelled(task), origin);
      if (left != null && FutureTasks.runner(task) == runner) {
        found.add(left);
      }
    }
  }

  /**
   * A task that is cancelled drops its code at once, and a stage when it is run; a library's may
   * lead to code that only it can call. Whose it is, who runs it shows. Null if it is somebody
   * else's.
   */
  private @Nullable LeftTask left(
      Object task, ExecutorService executor, Thread runner, boolean cancelled, Origin origin) {
    TaskOwner.Running code = owner().running(runner);
    return code == null || owner().isOfOthers(code.type(), executor, origin)
        ? null
        : new LeftTask(
            task,
            code.name(),
            code.name(),
            executor,
            owner().heldBy(executor),
            standing(executor),
            null,
            runner,
            cancelled,
            null,
            origin);
  }

  /** What an executor is to the test, as a text goes on. */
  String standing(ExecutorService executor) {
    if (check.newcomers().isOlder(executor) || opened.hadPool(executor)) {
      return "older than this";
    }
    if (isShared(executor)) {
      return "everybody's";
    }
    if (check.isLeftAlone(executor)) {
      return "made by an older object for itself";
    }
    return isNew(executor) ? "somebody else's" : "kept for everybody";
  }

  /**
   * What is another extension's no scope answers for: not one that is checked later and counts all
   * tasks, when the extension may have let go of what led to it.
   */
  private boolean isOfOthers(
      Object code, ExecutorService executor, @Nullable Schedule schedule, Origin origin) {
    List<Object> others = owner().others(code, executor, origin);
    if (others == null) {
      return false;
    }
    if (schedule != null && (check.isLeftAlone(executor) || check.isOfExtensions(others))) {
      check.outside().addTask(schedule.number());
    }
    return true;
  }

  /** A task that has come to its run is in no queue, and for a moment nobody runs it yet. */
  private boolean isThere(FutureTask<?> task, ExecutorService executor) {
    do {
      if (FutureTasks.runner(task) != null || queues.has(task, executor)) {
        return !TaskBirth.isOver(task);
      }
    } while (!TaskBirth.isOver(task) && lookAgain(executor));
    return false;
  }

  /** It goes on, and is older than the scope, or an older object's own, or everybody's. */
  boolean isJudged(ExecutorService executor) {
    return !CommonPool.is(executor)
        && ExecutorProbe.goesOn(executor)
        && !check.isTold(executor)
        && (!isNew(executor)
            || opened.hadPool(executor)
            || isShared(executor)
            || check.isLeftAlone(executor));
  }

  /** What a class keeps for everybody is known to be so once it was asked for. */
  private boolean isNew(ExecutorService executor) {
    return check.newcomers().isNew(Identity.of(executor))
        && !(check.isShared(executor) && check.outside().contains(Identity.of(executor)));
  }

  private boolean isShared(ExecutorService executor) {
    return shared.computeIfAbsent(
        executor,
        key ->
            LiveThreads.describe(executors().getOrDefault(key, List.of())).stream()
                .anyMatch(KnownThreads::isShared));
  }

  /** The executors that live threads work for, with these. */
  private static Map<ExecutorService, List<Thread>> executors() {
    Map<ExecutorService, List<Thread>> executors = new IdentityHashMap<>();
    for (Thread thread : LiveThreads.all()) {
      ExecutorService executor = WorkerExecutors.of(thread);
      if (executor != null) {
        executors.computeIfAbsent(executor, key -> new ArrayList<>()).add(thread);
      }
    }
    return executors;
  }
}
