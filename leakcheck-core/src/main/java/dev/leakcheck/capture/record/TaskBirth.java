package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.FutureTasks;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A future task that was made. */
public final class TaskBirth extends AnyTaskBirth {

  private final boolean ofOutsider;

  TaskBirth(Object task, long number, @Nullable Trace trace, boolean ofOutsider) {
    super(task, number, trace);
    this.ofOutsider = ofOutsider;
  }

  @Override
  public @Nullable FutureTask<?> task() {
    return get() instanceof FutureTask<?> task ? task : null;
  }

  @Override
  public @Nullable Thread runner() {
    FutureTask<?> task = task();
    return task == null ? null : FutureTasks.runner(task);
  }

  @Override
  boolean isOfOutsider() {
    return ofOutsider;
  }

  @Override
  boolean isOver() {
    FutureTask<?> task = task();
    return task == null || isOver(task);
  }

  /**
   * Whether nothing comes of a task any more: not of one that was cancelled as long as the thread
   * that runs it does not listen.
   *
   * @param task the task
   * @return true if it is done and nobody is in it
   */
  public static boolean isOver(FutureTask<?> task) {
    return Ask.isDone(task) && !(FutureTasks.runner(task) != null && Ask.isCancelled(task));
  }

  @Override
  @Nullable Schedule schedule(Object task) {
    return TaskProbe.schedule(task);
  }
}
