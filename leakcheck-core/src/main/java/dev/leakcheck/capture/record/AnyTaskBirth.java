package dev.leakcheck.capture.record;

import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import org.jspecify.annotations.Nullable;

/** A task that code of a scope made, or gave to an executor or a timer that is older. */
public abstract sealed class AnyTaskBirth extends Birth
    permits ForkJoinTaskBirth, GivenTaskBirth, TaskBirth, TimerTaskBirth {

  AnyTaskBirth(Object task, long number, @Nullable Trace trace) {
    super(task, number, trace);
  }

  /**
   * Whether it is yet to run, or runs, and came of the scope's own code.
   *
   * @return false as well if it was collected; true as well if it was refused and is still there
   */
  public final boolean isLeft() {
    return !isOfOutsider() && !isOver();
  }

  /**
   * Whether a thread made it that works for whichever scope is open, such as a worker of a pool
   * that is older: what it makes need not come of the scope's own code.
   */
  boolean isOfOutsider() {
    return false;
  }

  /** When a task runs; null if it was not scheduled. */
  abstract @Nullable Schedule schedule(Object task);

  @Override
  final boolean mayHelp() {
    return true;
  }

  /** What runs again and again may be a fixture's, which a scope around this one answers for. */
  @Override
  final boolean outlasts() {
    Object task = get();
    Schedule schedule = task == null ? null : schedule(task);
    return schedule != null && schedule.isPeriodic() && !isOver();
  }
}
