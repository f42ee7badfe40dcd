package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.Fatal;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A future task that was made. */
final class TaskBirth extends Birth {

  TaskBirth(Object task, long number, @Nullable Trace trace) {
    super(task, number, trace);
  }

  @Override
  boolean isOver() {
    try {
      return !(get() instanceof Future<?> task) || task.isDone();
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      return false;
    }
  }

  /** What fails after its scope is no other scope's. */
  @Override
  boolean outlasts() {
    return false;
  }
}
