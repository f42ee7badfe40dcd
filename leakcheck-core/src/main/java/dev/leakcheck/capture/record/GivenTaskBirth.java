package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.capture.objects.WorkerExecutors;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * A task that was given to an executor which is older than the scope, and that is no future task:
 * it does not tell itself whether it has ended. It may be given more than once.
 */
public final class GivenTaskBirth extends AnyTaskBirth {

  private volatile @Nullable Run run;

  /**
   * The thread that runs it, or is about to.
   *
   * @param completed how many tasks the thread had run before
   */
  private record Run(WeakReference<Thread> thread, long completed) {

    Run(Thread thread) {
      this(new OwnReference<>(thread), WorkerExecutors.completed(thread));
    }

    @Nullable Thread runner() {
      Thread worker = thread.get();
      return worker != null
              && AskThread.state(worker) != Thread.State.TERMINATED
              && WorkerExecutors.completed(worker) == completed
          ? worker
          : null;
    }
  }

  GivenTaskBirth(Object task, long number, @Nullable Trace trace) {
    super(task, number, trace);
  }

  /** What is known of a run that has ended, or that gives it once more, tells nothing any more. */
  GivenTaskBirth again() {
    Thread runner = runner();
    if (runner == null || runner == Thread.currentThread()) {
      run = null;
    }
    return this;
  }

  /** A thread is about to run it. One that is stuck in it stays known. */
  void begins(Thread thread) {
    if (runner() == null) {
      run = new Run(thread);
    }
  }

  @Override
  public @Nullable Thread runner() {
    Run known = run;
    return known == null ? null : known.runner();
  }

  @Override
  boolean isOver() {
    return refersTo(null) || (run != null && runner() == null);
  }

  @Override
  @Nullable Schedule schedule(Object task) {
    return null;
  }
}
