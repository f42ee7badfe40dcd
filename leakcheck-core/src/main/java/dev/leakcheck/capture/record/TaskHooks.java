package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.FutureTasks;
import dev.leakcheck.capture.objects.ForkJoinTasks;
import dev.leakcheck.capture.objects.HiddenTimers;
import dev.leakcheck.capture.objects.ThreadObjects;
import dev.leakcheck.capture.objects.TimerTasks;
import dev.leakcheck.capture.threads.CommonPool;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What the agent's hooks for tasks call. As with {@link BirthHooks} they run on any thread, within
 * any code: they take no lock that user code may hold, call no user code and keep weak references
 * only. Thread-safe.
 */
public final class TaskHooks {

  private final OpenScopes scopes;
  private final Ownership ownership;
  private final RunningTasks running = new RunningTasks();

  TaskHooks(OpenScopes scopes, Ownership ownership) {
    this.scopes = scopes;
    this.ownership = ownership;
  }

  /**
   * A hook: a future task is being made by the current thread.
   *
   * @param task a {@code FutureTask}
   */
  public void madeTask(Object task) {
    if (!FutureTasks.isBound(task)) {
      add(new OfTask(task));
      return;
    }
    ExecutorService executor = FutureTasks.executor(task);
    if (executor != null && !isToldByThread(executor)) { // else it is not whole yet, or no such
      add(new OfTask(task));
    }
  }

  /** Whether what a task's own thread tells is all that the task would. */
  private boolean isToldByThread(ExecutorService executor) {
    OpenScopes.Held held = scopes.recordsThreads() ? scopes.held(new Birth.Key(executor)) : null;
    return held != null && !isOlder(held) && ownership.isOwn(held);
  }

  private void add(Ownership.Recorder recorder) {
    ownership.addTask(recorder, running.current());
  }

  /**
   * An executor that has a thread for each task starts one.
   *
   * @param executor the executor, and the scope that made it, if one did
   */
  void begun(OpenScopes.@Nullable Held executor, Thread thread) {
    Object task = isOlder(executor) ? ThreadObjects.task(thread) : null;
    if (task != null) {
      add(new OfGivenTask(task, thread));
    }
  }

  /** Whether an executor was made in no open scope, or a scope is open inside its own. */
  private boolean isOlder(OpenScopes.@Nullable Held executor) {
    return executor == null || scopes.hasInner(executor.scope(), any -> true);
  }

  /**
   * The same, or it may be there for everybody. That takes the stack of its creation, which is not
   * asked for where each of many executors runs a few tasks, in a thread for each.
   */
  private boolean isOlderOrForAll(Object pool) {
    OpenScopes.Held held = scopes.held(new Birth.Key(pool));
    return isOlder(held)
        || (held != null
            && held.birth() instanceof ExecutorBirth executor
            && executor.mayBeForAll());
  }

  private final class OfTask implements Ownership.Recorder {
    private final Object task;

    OfTask(Object task) {
      this.task = task;
    }

    @Override
    public Birth birth(BirthScope scope, boolean shared) {
      return birth(scope, shared, false);
    }

    @Override
    public Birth birthOfOutsider(BirthScope scope, boolean shared) {
      return birth(scope, shared, true);
    }

    private Birth birth(BirthScope scope, boolean shared, boolean ofOutsider) {
      Trace trace = Trace.take(scope, shared, Trace.MOST_OF_TASKS);
      return new TaskBirth(task, scopes.next(), trace, ofOutsider);
    }
  }

  /**
   * A hook: the current thread gives a task to a pool or a timer, which may refuse it.
   *
   * @param pool the pool or the timer
   * @param task the task; of a future task it is told when it is made
   */
  public void given(Object pool, Object task) {
    if (pool instanceof Timer timer) {
      Thread thread = HiddenTimers.thread(timer);
      // Else it is somebody's already, and the timer refuses it.
      if (thread != null && TimerTasks.isNew(task) && isOlder(scopes.held(new Birth.Key(thread)))) {
        add(new OfScheduled(task, thread));
      }
    } else if (pool instanceof ForkJoinPool forkJoin) {
      // What the common pool is to run at once is told by what it does.
      if (!ForkJoinTasks.runsVirtualThreads(forkJoin)
          && ForkJoinTasks.areTold(task)
          && (ForkJoinTasks.schedule(task) != null || !CommonPool.is(pool))
          && isOlderOrForAll(pool)) {
        add(new OfScheduled(task, pool));
      }
    } else if (!(task instanceof FutureTask) && isOlderOrForAll(pool)) {
      add(new OfGivenTask(task, null));
    }
  }

  /**
   * A hook: the current thread, which is a pool's worker or a timer's, is about to run a task.
   *
   * @param task the task
   */
  public void begins(Object task) {
    Birth birth = scopes.birth(task);
    if (birth instanceof GivenTaskBirth given) {
      given.begins(Thread.currentThread());
    } else if (birth instanceof TimerTaskBirth scheduled) {
      scheduled.begins();
    }
    if (birth instanceof AnyTaskBirth known && !known.isOfOutsider()) {
      running.begins(known);
    } else {
      running.ends();
    }
  }

  /**
   * A hook: the current thread, which is a timer's, has run a task.
   *
   * @param task the task
   */
  public void ends(Object task) {
    running.ends();
    if (scopes.birth(task) instanceof TimerTaskBirth birth) {
      birth.ends();
    }
  }

  private final class OfScheduled implements Ownership.Recorder {
    private final Object task;
    private final Object place;

    OfScheduled(Object task, Object place) {
      this.task = task;
      this.place = place;
    }

    @Override
    public Birth birth(BirthScope scope, boolean shared) {
      Trace trace = Trace.take(scope, shared, Trace.MOST_OF_TASKS);
      return place instanceof ForkJoinPool pool
          ? new ForkJoinTaskBirth(task, pool, scopes.next(), trace)
          : new TimerTaskBirth(task, (Thread) place, scopes.next(), trace);
    }

    @Override
    public boolean isOfOutsiders() {
      return false;
    }
  }

  /** The same task may be given any number of times: it is kept once. */
  private final class OfGivenTask implements Ownership.Recorder {
    private final Object task;
    private final @Nullable Thread runner;

    OfGivenTask(Object task, @Nullable Thread runner) {
      this.task = task;
      this.runner = runner;
    }

    @Override
    public Birth birth(BirthScope scope, boolean shared) {
      GivenTaskBirth birth =
          scope.find(new Birth.Key(task)) instanceof GivenTaskBirth known
              ? known.again()
              : new GivenTaskBirth(
                  task, scopes.next(), Trace.take(scope, shared, Trace.MOST_OF_TASKS));
      if (runner != null) {
        birth.begins(runner);
      }
      return birth;
    }

    @Override
    public boolean isOfOutsiders() {
      return false;
    }
  }
}
