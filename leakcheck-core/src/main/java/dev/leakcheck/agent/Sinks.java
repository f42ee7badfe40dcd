package dev.leakcheck.agent;

import dev.leakcheck.capture.failures.FailedStages;
import dev.leakcheck.capture.failures.FailedTasks;
import dev.leakcheck.capture.failures.KeptFailures;
import dev.leakcheck.capture.record.BirthHooks;
import dev.leakcheck.capture.record.Births;
import dev.leakcheck.capture.record.Part;
import dev.leakcheck.capture.record.TaskHooks;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the hooks call while they are on, and what switches them. Named classes, not lambdas: a
 * lambda would have the JVM spin classes while it starts, or in the middle of somebody's {@code
 * start()}.
 */
final class Sinks {

  private Sinks() {}

  /**
   * What each hook calls.
   *
   * @param parts the parts that are recorded; the hooks of others stay off
   * @param all gets what is made
   * @param calls what has added the hooks
   * @return an entry for each {@link Hook}
   */
  static @Nullable Object[] of(Set<Part> parts, Births all, HookTransformer calls) {
    BirthHooks births = all.hooks();
    @Nullable Object[] sinks = new @Nullable Object[Hook.COUNT];
    if (parts.contains(Part.THREADS)) {
      sinks[Hook.THREAD_STARTS.slot] = new Starting(births);
      sinks[Hook.TIMER_ENDS.slot] = new TimerEnding(births);
    }
    if (parts.contains(Part.VIRTUAL_THREADS)) {
      sinks[Hook.VIRTUAL_THREAD_STARTS.slot] = new Starting(births);
    }
    if (parts.contains(Part.EXECUTORS)) {
      sinks[Hook.EXECUTOR_MADE.slot] = new Made(births);
      sinks[Hook.EXECUTOR_BEGUN.slot] = new Begun(births);
      sinks[Hook.EXECUTOR_STOPS.slot] = new Stopping(births);
      sinks[Hook.TASK_GIVEN.slot] = new Given(births.tasks());
      sinks[Hook.TASK_BEGINS.slot] = new Beginning(births.tasks());
      sinks[Hook.TASK_ENDS.slot] = new EndingTask(births.tasks());
    }
    if (parts.contains(Part.QUEUES)) {
      sinks[Hook.QUEUE_MADE.slot] = new Made(births);
    }
    if (parts.contains(Part.LOCKS)) {
      sinks[Hook.LOCK_MADE.slot] = new Made(births);
    }
    if (parts.contains(Part.FAILED_TASKS)) {
      FailedTasks failed = FailedTasks.jvm();
      sinks[Hook.TASK_MADE.slot] = new MadeTask(births.tasks());
      sinks[Hook.TASK_FAILS.slot] = new Failing(failed);
      sinks[Hook.TASK_FAILED.slot] = new Failed(failed);
      sinks[Hook.TASK_ASKED.slot] = new Asked(failed);
      sinks[Hook.TASK_LOOKED_AT.slot] = new Asked(failed);
    }
    if (parts.contains(Part.ASYNC_STAGES)) {
      FailedStages failed = FailedStages.jvm();
      sinks[Hook.STAGE_MADE.slot] = new MadeStage(failed, all, calls);
      sinks[Hook.STAGE_FAILS.slot] = new FailingStage(failed);
      sinks[Hook.STAGE_FAILED.slot] = new Failed(failed);
      sinks[Hook.STAGE_ASKED.slot] = new Asked(failed);
      sinks[Hook.STAGE_GIVEN.slot] = new Asked(failed);
      sinks[Hook.STAGE_DERIVED.slot] = new Derived(failed);
    }
    if (parts.contains(Part.PROCESSES)) {
      sinks[Hook.PROCESS_STARTED.slot] = new Started(births);
    }
    if (parts.contains(Part.SHUTDOWN_HOOKS)) {
      sinks[Hook.SHUTDOWN_HOOK_ADDED.slot] = new HookAdded(births);
    }
    return sinks;
  }

  /**
   * The threads that the JDK runs itself with are passed over before anything else is done. They
   * are no test's, and those that serve virtual threads are started from within the scheduler, on
   * behalf of one that is being unparked: nothing there may lock, park or load a class. A watch
   * service and a cleaner have threads of the same kind, and are the test's.
   */
  private record Starting(BirthHooks births) implements BiConsumer<Thread, @Nullable Object> {
    @Override
    public void accept(Thread thread, @Nullable Object container) {
      Class<?> type = thread.getClass();
      if (type == Thread.class
          || !type.getName().startsWith("jdk.internal.misc.")
          || thread.getName().startsWith("FileSystemWatch")
          || thread.getName().startsWith("Cleaner-")) {
        births.starting(thread, container);
      }
    }
  }

  private record Made(BirthHooks births) implements Consumer<Object> {
    @Override
    public void accept(Object object) {
      births.made(object);
    }
  }

  /** Of the JDK's pools it is told once more, when they are made. */
  private record Begun(BirthHooks births) implements Consumer<Object> {
    @Override
    public void accept(Object executor) {
      births.begun(executor);
      if (!(executor instanceof ThreadPoolExecutor) && !(executor instanceof ForkJoinPool)) {
        births.made(executor);
      }
    }
  }

  private record Stopping(BirthHooks births) implements Consumer<Object> {
    @Override
    public void accept(Object executor) {
      births.stopping(executor);
    }
  }

  private record Given(TaskHooks tasks) implements BiConsumer<Object, @Nullable Object> {
    @Override
    public void accept(Object pool, @Nullable Object task) {
      if (task != null) { // else the pool refuses it
        tasks.given(pool, task);
      }
    }
  }

  private record Beginning(TaskHooks tasks) implements Consumer<Object> {
    @Override
    public void accept(Object task) {
      tasks.begins(task);
    }
  }

  private record EndingTask(TaskHooks tasks) implements Consumer<Object> {
    @Override
    public void accept(Object task) {
      tasks.ends(task);
    }
  }

  private record TimerEnding(BirthHooks births) implements Consumer<Object> {
    @Override
    public void accept(Object reaper) {
      births.timerEnding(reaper);
    }
  }

  private record MadeTask(TaskHooks tasks) implements Consumer<Object> {
    @Override
    public void accept(Object task) {
      tasks.madeTask(task);
    }
  }

  private record Failing(FailedTasks tasks) implements Consumer<Object> {
    @Override
    public void accept(Object task) {
      tasks.failing(task);
    }
  }

  /**
   * The classes of stages and of tasks of fork-join pools may be loaded long after the agent. If
   * one of their hooks could not be added, what was asked would seem not to be: then none is
   * recorded.
   */
  private static final class MadeStage implements Consumer<Object> {
    private final FailedStages stages;
    private final Shape ofStages;
    private final Shape ofTasks;

    MadeStage(FailedStages stages, Births births, HookTransformer calls) {
      this.stages = stages;
      this.ofStages = new Shape(births, calls, HookPoint.STAGE, "async stages");
      this.ofTasks = new Shape(births, calls, HookPoint.FORK_JOIN_TASK, "tasks of fork-join pools");
    }

    @Override
    public void accept(Object stage) {
      if ((stage instanceof ForkJoinTask ? ofTasks : ofStages).isComplete()) {
        stages.made(stage);
      }
    }
  }

  /** Whether a class has all of its hooks: asked once, when the first object of it is made. */
  private static final class Shape {
    private final Births births;
    private final HookTransformer calls;
    private final String type;
    private final String what;
    private volatile @Nullable Boolean complete;

    Shape(Births births, HookTransformer calls, String type, String what) {
      this.births = births;
      this.calls = calls;
      this.type = type;
      this.what = what;
    }

    boolean isComplete() {
      Boolean known = complete;
      if (known == null) {
        known = calls.isComplete(type);
        complete = known;
        if (!known) {
          births.fail(what + " are not recorded: their class has an unexpected shape");
        }
      }
      return known;
    }
  }

  private record FailingStage(FailedStages stages) implements Consumer<Object> {
    @Override
    public void accept(Object stage) {
      stages.failing(stage);
    }
  }

  private record Failed(KeptFailures kept) implements Consumer<Object> {
    @Override
    public void accept(Object future) {
      kept.failed(future);
    }
  }

  private record Asked(KeptFailures kept) implements Consumer<Object> {
    @Override
    public void accept(Object future) {
      kept.asked(future);
    }
  }

  private record Derived(FailedStages stages) implements BiConsumer<Object, @Nullable Object> {
    @Override
    public void accept(Object stage, @Nullable Object next) {
      if (next != null) {
        stages.derived(stage, next);
      }
    }
  }

  private record Started(BirthHooks births) implements Consumer<Object> {
    @Override
    public void accept(Object process) {
      if (process instanceof Process started) {
        births.started(started);
      }
    }
  }

  private record HookAdded(BirthHooks births) implements Consumer<Object> {
    @Override
    public void accept(Object hook) {
      if (hook instanceof Thread thread) {
        births.hookAdded(thread);
      }
    }
  }

  /** Switches the hooks on and off. */
  static final class Switch implements Consumer<Boolean> {
    private final Consumer<@Nullable Object[]> hooks;
    private final @Nullable Object[] sinks;

    Switch(Consumer<@Nullable Object[]> hooks, @Nullable Object[] sinks) {
      this.hooks = hooks;
      this.sinks = sinks;
    }

    @Override
    public void accept(Boolean on) {
      hooks.accept(on ? sinks : new @Nullable Object[Hook.COUNT]);
    }
  }

  /** Where nothing is hooked there is nothing to switch. */
  static final class NoSwitch implements Consumer<Boolean> {
    @Override
    public void accept(Boolean on) {}
  }
}
