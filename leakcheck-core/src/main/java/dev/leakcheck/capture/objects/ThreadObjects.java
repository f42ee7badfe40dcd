package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.base.ThreadField;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What a thread works with, as far as fields tell: itself, if its class is not the JDK's, and what
 * it was made to run, where the JDK lets that be read. Thread-safe.
 */
public final class ThreadObjects {

  /** They lead from a virtual thread to what it was made to run. */
  private static final JdkField CONTINUATION = JdkField.of("java.lang.VirtualThread", "cont");

  private static final JdkField TARGET = JdkField.of("jdk.internal.vm.Continuation", "target");
  private static final JdkField VIRTUAL_TASK =
      JdkField.of("java.lang.VirtualThread$VThreadContinuation$1", "val$task");

  private ThreadObjects() {}

  /**
   * The objects of a thread.
   *
   * @param thread a thread
   * @return none of the JDK's classes
   */
  public static List<Object> of(Thread thread) {
    List<Object> objects = new ArrayList<>();
    if (!Fields.isJdk(thread.getClass())) {
      objects.add(thread);
    }
    Object task = task(thread);
    if (task != null && !Fields.isJdk(task.getClass()) && !Passage.isOpaque(task)) {
      objects.add(task);
    }
    return objects;
  }

  /**
   * What a thread was made to run.
   *
   * @param thread a thread, platform or virtual
   * @return what it runs; null if it has ended, or that cannot be read
   */
  public static @Nullable Object task(Thread thread) {
    Object task = ThreadField.TASK.read(thread);
    return task == null ? VIRTUAL_TASK.read(TARGET.read(CONTINUATION.read(thread))) : task;
  }

  /**
   * Whether a thread runs code of an executor's, as workers do: an object of a class that is nested
   * in the executor's, and that has it, or what wraps such an object.
   *
   * @param thread a platform thread
   * @param executor one that is not the JDK's
   * @return false if it cannot be read what the thread was made to run
   */
  public static boolean workFor(Thread thread, ExecutorService executor) {
    for (Object task : of(thread)) {
      if (isWorker(task, executor)) {
        return true;
      }
      for (Object wrapped : ObjectGraph.values(List.of(task), List.of())) {
        if (wrapped instanceof Runnable && isWorker(wrapped, executor)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isWorker(Object task, ExecutorService executor) {
    return StaticFields.isCodeOf(StaticFields.source(task.getClass()), executor.getClass())
        && ObjectGraph.values(List.of(task), List.of()).stream()
            .anyMatch(value -> value == executor);
  }
}
