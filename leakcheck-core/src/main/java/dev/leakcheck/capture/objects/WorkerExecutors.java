package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Jdk;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Leads from a worker thread to its {@code ThreadPoolExecutor}, from the thread that waits for the
 * delayed tasks of a {@code ForkJoinPool} to that, and from a wrapper of the JDK to the executor
 * that it hides.
 *
 * <p>Reads five private fields of the JDK: by reflection where the agent has opened their packages,
 * else through {@code sun.misc.Unsafe}, which is silent before Java 24 and is not used from there
 * on. Where a field is not as expected the answer is null; workers are then grouped by their names.
 * Thread-safe.
 */
public final class WorkerExecutors {

  private static final int FIRST_LOUD_RELEASE = 24;
  private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";
  private static final int FIRST_WITH_DELAYS = 25;
  private static final String DELAYS = "java.util.concurrent.DelayScheduler";
  private static final String WRAPPER = "java.util.concurrent.Executors$DelegatedExecutorService";
  private static final WorkerExecutors JVM = new WorkerExecutors(Jdk.FEATURE < FIRST_LOUD_RELEASE);

  /** Replaced once the packages are open, which may be later: the agent can be attached. */
  private volatile @Nullable Reader reader;

  private volatile boolean reflective;

  /** A private field of a JDK class. */
  private interface Slot {

    /** Its value, or null if the object is of another class. */
    @Nullable Object read(@Nullable Object object) throws ReflectiveOperationException;
  }

  private record Reflected(Class<?> owner, Field field) implements Slot {
    @Override
    public @Nullable Object read(@Nullable Object object) throws ReflectiveOperationException {
      return owner.isInstance(object) ? field.get(object) : null;
    }
  }

  private record Unsafely(Object unsafe, Method getObject, Class<?> owner, long offset)
      implements Slot {
    @Override
    public @Nullable Object read(@Nullable Object object) throws ReflectiveOperationException {
      return owner.isInstance(object) ? getObject.invoke(unsafe, object, offset) : null;
    }
  }

  /**
   * The fields.
   *
   * @param holder of a thread, where its task is in there
   * @param task of a thread or its holder
   * @param pool of a worker
   * @param delays the pool of a thread that waits for the delayed tasks of a fork-join pool
   * @param wrapped of a wrapper
   */
  private record Reader(
      @Nullable Slot holder, Slot task, Slot pool, @Nullable Slot delays, Slot wrapped) {}

  private interface SlotFinder {
    Slot find(Class<?> owner, String field) throws ReflectiveOperationException;
  }

  WorkerExecutors(boolean unsafeAllowed) {
    this.reader = unsafeAllowed ? open(WorkerExecutors::unsafely) : null;
  }

  /**
   * The reader of this JVM.
   *
   * @return the one instance
   */
  public static WorkerExecutors jvm() {
    return JVM;
  }

  private @Nullable Reader reader() {
    if (!reflective && Jdk.opens("java.lang") && Jdk.opens("java.util.concurrent")) {
      Reader found = open(WorkerExecutors::reflectively);
      if (found != null) {
        reader = found;
      }
      reflective = true;
    }
    return reader;
  }

  /**
   * Whether the fields are read at all.
   *
   * @return false if no worker leads to its executor
   */
  public boolean isTold() {
    return reader() != null;
  }

  /**
   * The executor that a thread works for.
   *
   * @param thread a platform thread
   * @return the executor, or null if it works for none or that can't be told
   */
  public @Nullable ExecutorService of(Thread thread) {
    Reader open = reader();
    if (open == null) {
      return null;
    }
    try {
      if (open.delays != null && open.delays.read(thread) instanceof ExecutorService pool) {
        return pool;
      }
      Object from = open.holder == null ? thread : open.holder.read(thread);
      return open.pool.read(worker(open.task.read(from))) instanceof ExecutorService pool
          ? pool
          : null;
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
    Reader open = reader();
    if (open == null) {
      return executor;
    }
    try {
      return open.wrapped.read(executor) instanceof ExecutorService inner
          ? unwrap(inner)
          : executor;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return executor;
    }
  }

  private static @Nullable Reader open(SlotFinder slots) {
    try {
      Slot holder = Jdk.FEATURE < 19 ? null : slots.find(Thread.class, "holder");
      Slot task =
          holder == null
              ? slots.find(Thread.class, "target")
              : slots.find(Class.forName("java.lang.Thread$FieldHolder"), "task");
      return new Reader(
          holder,
          task,
          slots.find(Class.forName(WORKER), "this$0"),
          Jdk.FEATURE < FIRST_WITH_DELAYS ? null : slots.find(Class.forName(DELAYS), "pool"),
          slots.find(Class.forName(WRAPPER), "e"));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherwiseBuilt) {
      return null;
    }
  }

  private static Slot reflectively(Class<?> owner, String name)
      throws ReflectiveOperationException {
    Field field = owner.getDeclaredField(name);
    field.setAccessible(true);
    return new Reflected(owner, field);
  }

  private static Slot unsafely(Class<?> owner, String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field instance = type.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    Object unsafe = instance.get(null);
    Object offset =
        type.getMethod("objectFieldOffset", Field.class)
            .invoke(unsafe, owner.getDeclaredField(name));
    return new Unsafely(
        unsafe, type.getMethod("getObject", Object.class, long.class), owner, (long) offset);
  }
}
