package dev.leakcheck.inspect;

import dev.leakcheck.capture.base.FutureTasks;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.TimerTasks;
import dev.leakcheck.capture.record.AnyTaskBirth;
import dev.leakcheck.capture.record.ForkJoinTaskBirth;
import dev.leakcheck.capture.record.TaskBirth;
import dev.leakcheck.classify.Symptom;
import java.lang.ref.WeakReference;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a task that was told as left. Once its executor is shut down, or its timer
 * cancelled, the thread in it is there for its sake alone. Holds weak references only. Thread-safe.
 */
final class TaskRun implements Symptom.Run {

  private final WeakReference<Object> task;
  private final WeakReference<Object> executor;
  private final @Nullable AnyTaskBirth birth;

  /** The thread that was in it when it was told, or null if none was known to be. */
  private final @Nullable WeakReference<Thread> runner;

  TaskRun(LeftTask left) {
    Thread thread = left.runner();
    this.task = new OwnReference<>(left.task());
    this.executor = new OwnReference<>(left.executor());
    this.birth = left.birth();
    this.runner = thread == null ? null : new OwnReference<>(thread);
  }

  @Override
  public boolean isOver() {
    Object known = task.get();
    return known == null
        || (birth != null
            ? !birth.isLeft()
            : known instanceof FutureTask<?> future && TaskBirth.isOver(future));
  }

  @Override
  public @Nullable Thread kept() {
    return isOver() || !isStopped() ? null : runner();
  }

  private boolean isStopped() {
    Object known = executor.get();
    return known instanceof Thread timer
        ? TimerTasks.isCancelled(timer)
        : !(known instanceof ExecutorService service) || !ExecutorProbe.goesOn(service);
  }

  /** A fork-join task does not tell who is in it, but no other thread takes it over. */
  private @Nullable Thread runner() {
    if (birth instanceof ForkJoinTaskBirth) {
      return runner == null ? null : runner.get();
    }
    return birth != null
        ? birth.runner()
        : task.get() instanceof FutureTask<?> future ? FutureTasks.runner(future) : null;
  }
}
