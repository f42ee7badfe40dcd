package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.Ask;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A future task that was made. */
public final class TaskBirth extends Birth {

  private final boolean ofOutsider;

  TaskBirth(Object task, long number, @Nullable Trace trace, boolean ofOutsider) {
    super(task, number, trace);
    this.ofOutsider = ofOutsider;
  }

  /**
   * The task.
   *
   * @return the task, or null if it was collected
   */
  public @Nullable FutureTask<?> task() {
    return get() instanceof FutureTask<?> task ? task : null;
  }

  /**
   * Whether a thread made it that works for whichever scope is open, such as a worker of a pool
   * that is older: what it makes need not come of the scope's own code.
   *
   * @return false if a thread of the scope's own made it
   */
  public boolean isOfOutsider() {
    return ofOutsider;
  }

  /**
   * Whether it neither ran to its end nor was cancelled.
   *
   * @return false as well if it was collected
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
    FutureTask<?> task = task();
    return task == null || Ask.isDone(task);
  }

  /** What fails after its scope is no other scope's. */
  @Override
  boolean outlasts() {
    return false;
  }
}
