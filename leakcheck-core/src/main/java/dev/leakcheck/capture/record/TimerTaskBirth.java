package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.objects.TimerTasks;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** A task that was given to a {@code java.util.Timer} which is older than the scope. */
public final class TimerTaskBirth extends AnyTaskBirth {

  private final WeakReference<Thread> timer;
  private volatile boolean runs;

  TimerTaskBirth(Object task, Thread timer, long number, @Nullable Trace trace) {
    super(task, number, trace);
    this.timer = new OwnReference<>(timer);
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

  @Override
  public @Nullable Thread runner() {
    return runs ? timer() : null;
  }

  @Override
  boolean isOver() {
    Object task = get();
    return task == null
        || timer() == null
        || (!runs && !TimerTasks.isScheduled(task) && !TimerTasks.isNew(task));
  }

  @Override
  @Nullable Schedule schedule(Object task) {
    return TimerTasks.schedule(task);
  }
}
