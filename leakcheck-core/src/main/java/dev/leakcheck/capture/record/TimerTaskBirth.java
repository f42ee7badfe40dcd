package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.objects.TimerTasks;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** A task that was given to a {@code java.util.Timer} which is older than the scope. */
public final class TimerTaskBirth extends Birth {

  private final WeakReference<Thread> timer;
  private volatile boolean runs;

  TimerTaskBirth(Object task, Thread timer, long number, @Nullable Trace trace) {
    super(task, number, trace);
    this.timer = new WeakReference<>(timer);
  }

  /** The timer's thread is about to run it. */
  void begins() {
    runs = true;
  }

  /** The timer's thread has run it. */
  void ends() {
    runs = false;
  }

  /**
   * The task.
   *
   * @return what was given, or null if it was collected
   */
  public @Nullable Object task() {
    return get();
  }

  /**
   * The thread of the timer.
   *
   * @return the thread, or null if it has ended
   */
  public @Nullable Thread timer() {
    Thread thread = timer.get();
    return thread == null || AskThread.state(thread) == Thread.State.TERMINATED ? null : thread;
  }

  /** Whether the timer's thread is in it. */
  public boolean isRunning() {
    return runs && timer() != null;
  }

  /**
   * Whether it is yet to run, or runs.
   *
   * @return true as well if the timer refused it, and it is still there
   */
  public boolean isLeft() {
    return !isOver();
  }

  @Override
  boolean mayHelp() {
    return true;
  }

  @Override
  boolean isOver() {
    Object task = get();
    return task == null
        || timer() == null
        || (!runs && !TimerTasks.isScheduled(task) && !TimerTasks.isNew(task));
  }

  /** What runs again and again may be a fixture's, which a scope around this one answers for. */
  @Override
  boolean outlasts() {
    Object task = get();
    Schedule schedule = task == null ? null : TimerTasks.schedule(task);
    return schedule != null && schedule.periodNanos() != 0 && !isOver();
  }
}
