package dev.leakcheck.capture;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Leads from a worker thread to its {@code ThreadPoolExecutor}, and from a wrapper of the JDK to
 * the executor that it hides, on JDKs that do not list executors.
 *
 * <p>Reads four private fields of the JDK through {@code sun.misc.Unsafe}, which is silent before
 * Java 24 and is not used from there on. Where a field is not as expected the answer is null;
 * workers are then grouped by their names. Thread-safe.
 */
public final class WorkerExecutors {

  private static final int FIRST_LOUD_RELEASE = 24;
  private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";
  private static final String WRAPPER = "java.util.concurrent.Executors$DelegatedExecutorService";
  private static final WorkerExecutors JVM = new WorkerExecutors(Jdk.FEATURE < FIRST_LOUD_RELEASE);

  private final @Nullable Reader reader;

  /** A field of a JDK class, by its offset. */
  private record Slot(Class<?> owner, long offset) {}

  private record Reader(
      Object unsafe, Method getObject, Slot task, @Nullable Slot holder, Slot pool, Slot wrapped) {

    @Nullable Object read(Slot slot, @Nullable Object object) throws ReflectiveOperationException {
      return slot.owner.isInstance(object) ? getObject.invoke(unsafe, object, slot.offset) : null;
    }
  }

  WorkerExecutors(boolean allowed) {
    this.reader = allowed ? open() : null;
  }

  /**
   * The reader of this JVM.
   *
   * @return the one instance
   */
  public static WorkerExecutors jvm() {
    return JVM;
  }

  /**
   * The executor that a thread works for.
   *
   * @param thread a platform thread
   * @return the executor, or null if it works for none or that can't be told
   */
  public @Nullable ExecutorService of(Thread thread) {
    Reader open = reader;
    if (open == null) {
      return null;
    }
    try {
      Object from = open.holder == null ? thread : open.read(open.holder, thread);
      Object task = open.read(open.task, from);
      return open.read(open.pool, worker(task)) instanceof ExecutorService pool ? pool : null;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  /** A thread factory may wrap the worker in a task of its own. */
  private static @Nullable Object worker(@Nullable Object task) {
    if (task == null || task.getClass().getName().equals(WORKER)) {
      return task;
    }
    for (Field field : Fields.ofInstances(task.getClass())) {
      Object value = Fields.read(field, task);
      if (value != null && value.getClass().getName().equals(WORKER)) {
        return value;
      }
    }
    return null;
  }

  /**
   * The executor that a wrapper of the JDK hides.
   *
   * @param executor any executor
   * @return the innermost executor that could be reached; the executor itself if it is no wrapper
   */
  public ExecutorService unwrap(ExecutorService executor) {
    Reader open = reader;
    if (open == null) {
      return executor;
    }
    try {
      return open.read(open.wrapped, executor) instanceof ExecutorService inner
          ? unwrap(inner)
          : executor;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return executor;
    }
  }

  private static @Nullable Reader open() {
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field instance = type.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Object unsafe = instance.get(null);
      Method offset = type.getMethod("objectFieldOffset", Field.class);
      Slot holder = Jdk.FEATURE < 19 ? null : slot(Thread.class, "holder", unsafe, offset);
      Slot task =
          holder == null
              ? slot(Thread.class, "target", unsafe, offset)
              : slot(Class.forName("java.lang.Thread$FieldHolder"), "task", unsafe, offset);
      return new Reader(
          unsafe,
          type.getMethod("getObject", Object.class, long.class),
          task,
          holder,
          slot(Class.forName(WORKER), "this$0", unsafe, offset),
          slot(Class.forName(WRAPPER), "e", unsafe, offset));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return null;
    }
  }

  private static Slot slot(Class<?> owner, String field, Object unsafe, Method offset)
      throws ReflectiveOperationException {
    Object value = offset.invoke(unsafe, owner.getDeclaredField(field));
    return new Slot(owner, (long) value);
  }
}
