package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.ForkJoinTasks;
import dev.leakcheck.capture.objects.TaskProbe;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import java.lang.ref.WeakReference;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** A task that was given to a {@code ForkJoinPool} which is older than the scope. */
public final class ForkJoinTaskBirth extends AnyTaskBirth {

  private final WeakReference<ForkJoinPool> pool;

  /** What tells that it ended, where the task itself does not. */
  private final @Nullable WeakReference<Object> stage;

  /** What it runs: a stage's task forgets that when it begins. */
  private final @Nullable WeakReference<Object> given;

  ForkJoinTaskBirth(Object task, ForkJoinPool pool, long number, @Nullable Trace trace) {
    super(task, number, trace);
    this.pool = new OwnReference<>(pool);
    Object told = ForkJoinTasks.stage(task);
    this.stage = told == null ? null : new OwnReference<>(told);
    Object runs = told == null ? null : TaskProbe.given(task);
    this.given = runs == null ? null : new OwnReference<>(runs);
  }

  /**
   * What leads to the user's code.
   *
   * @return the task, or of a stage's task what that runs; null if it was collected
   */
  public @Nullable Object code() {
    return given == null ? get() : given.get();
  }

  /**
   * The pool.
   *
   * @return null if it was collected
   */
  public @Nullable ForkJoinPool pool() {
    return pool.get();
  }

  @Override
  public @Nullable Thread runner() {
    return null;
  }

  @Override
  boolean isOver() {
    Object task = get();
    if (task == null) {
      return true;
    }
    if (stage == null) {
      return ForkJoinTasks.isDone(task);
    }
    Object told = stage.get();
    return told == null || ForkJoinTasks.isStageDone(told);
  }

  @Override
  @Nullable Schedule schedule(Object task) {
    return ForkJoinTasks.schedule(task);
  }
}
