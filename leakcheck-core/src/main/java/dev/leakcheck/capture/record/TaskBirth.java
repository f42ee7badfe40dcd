package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.Ask;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A future task that was made. */
final class TaskBirth extends Birth {

  TaskBirth(Object task, long number, @Nullable Trace trace) {
    super(task, number, trace);
  }

  @Override
  boolean mayHelp() {
    return true;
  }

  @Override
  boolean isOver() {
    return !(get() instanceof Future<?> task) || Ask.isDone(task);
  }

  /** What fails after its scope is no other scope's. */
  @Override
  boolean outlasts() {
    return false;
  }
}
