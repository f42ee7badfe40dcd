package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Answers;
import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.ask.Ask;
import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.threads.Helper;
import dev.leakcheck.model.ExecutorRecord;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's executors say of themselves. Other people's are never asked: what lives in them
 * tells. Never throws, and waits for nobody's lock. Thread-safe.
 */
public final class ExecutorProbe {

  private static final String PER_TASK = "java.util.concurrent.ThreadPerTaskExecutor";

  private static final JdkField POOL_STATE =
      JdkField.of("java.util.concurrent.ThreadPoolExecutor", "ctl");

  private ExecutorProbe() {}

  /**
   * Whether an executor was told to stop.
   *
   * @param executor the executor
   * @return null if it is not one of the JDK's, or did not answer
   */
  public static @Nullable Boolean isShutdown(ExecutorService executor) {
    ExecutorService inner = WorkerExecutors.unwrap(executor);
    return Answers.cost(inner, "isShutdown") == Cost.LOCK
        ? Helper.jvm().ask(inner, () -> Ask.isShutdown(inner, Cost.LOCK))
        : Ask.isShutdown(inner, Cost.NONE);
  }

  /**
   * Whether an executor takes tasks, or whether the JDK's pool does that its class extends, where
   * that class says otherwise what is shut down.
   *
   * @param executor the executor
   * @return false if that is not told
   */
  public static boolean goesOn(ExecutorService executor) {
    Boolean shutdown = isShutdown(executor);
    if (shutdown != null) {
      return !shutdown;
    }
    // As ThreadPoolExecutor has it, what is negative runs.
    return WorkerExecutors.unwrap(executor) instanceof ThreadPoolExecutor pool
        && POOL_STATE.read(pool) instanceof AtomicInteger state
        && state.get() < 0;
  }

  private static boolean isTerminated(ExecutorService executor) {
    return Boolean.TRUE.equals(
        Answers.cost(executor, "isTerminated") == Cost.LOCK
            ? Helper.jvm().ask(executor, () -> Ask.isTerminated(executor, Cost.LOCK))
            : Ask.isTerminated(executor, Cost.NONE));
  }

  /**
   * What an executor says of itself.
   *
   * @param executor the executor
   * @return its state, with -1 for each count that it did not tell; null if it is not one of the
   *     JDK's, or did not answer
   */
  public static ExecutorRecord.@Nullable State state(ExecutorService executor) {
    Boolean shutdown = isShutdown(executor);
    if (shutdown == null) {
      return null;
    }
    ExecutorService inner = WorkerExecutors.unwrap(executor);
    boolean terminated = shutdown && isTerminated(inner);
    if (inner instanceof ThreadPoolExecutor pool) {
      BlockingQueue<?> queue = Ask.workQueue(pool);
      Counts counts = counts(pool);
      return new ExecutorRecord.State(
          shutdown,
          terminated,
          Ask.coreSize(pool),
          Ask.maximumSize(pool),
          -1,
          counts.active,
          queue == null ? -1 : QueueProbe.size(queue),
          counts.completed,
          Ask.keepAliveMillis(pool),
          shutdown && pool instanceof ScheduledThreadPoolExecutor ? periodic(queue) : 0);
    }
    if (inner instanceof ForkJoinPool pool) {
      return new ExecutorRecord.State(
          shutdown,
          terminated,
          -1,
          -1,
          Ask.parallelism(pool),
          Ask.activeCount(pool),
          Ask.queuedCount(pool),
          -1,
          -1);
    }
    return ExecutorRecord.State.of(shutdown, terminated);
  }

  /** Where the pool is not to go on with them after its end, they are in its queue no more. */
  private static long periodic(@Nullable BlockingQueue<?> queue) {
    List<Object> tasks = queue == null ? null : QueueProbe.elements(queue);
    return tasks == null
        ? 0
        : tasks.stream()
            .filter(Ask::isPeriodic)
            .filter(task -> !(task instanceof Future<?> future && Ask.isCancelled(future)))
            .count();
  }

  /** What takes a pool's main lock, which whoever overrides {@code terminated()} may hold. */
  private record Counts(int active, long completed) {
    static final Counts UNKNOWN = new Counts(-1, -1);
  }

  private static Counts counts(ThreadPoolExecutor pool) {
    Counts counts =
        Helper.jvm()
            .ask(
                pool,
                () ->
                    new Counts(
                        Ask.activeCount(pool, Cost.LOCK), Ask.completedCount(pool, Cost.LOCK)));
    return counts == null ? Counts.UNKNOWN : counts;
  }

  /**
   * Whether a pool may have a thread.
   *
   * @param executor the executor
   * @return false only if it is one of the JDK's and says that it has none
   */
  public static boolean mayHaveThreads(ExecutorService executor) {
    return !(executor instanceof ThreadPoolExecutor pool) || poolSize(pool) != 0;
  }

  /**
   * How many threads a pool has.
   *
   * @param pool the pool
   * @return -1 if it must not be asked, or did not answer
   */
  public static int poolSize(ThreadPoolExecutor pool) {
    Integer size = Helper.jvm().ask(pool, () -> Ask.poolSize(pool, Cost.LOCK));
    return size == null ? -1 : size;
  }

  /**
   * The queue in which an executor keeps tasks that wait.
   *
   * @param executor the executor
   * @return the queue, or null if it has none or must not be asked
   */
  public static @Nullable BlockingQueue<?> workQueue(Object executor) {
    return executor instanceof ThreadPoolExecutor pool ? Ask.workQueue(pool) : null;
  }

  /**
   * Whether an executor starts a thread for each task, so that who uses it makes threads.
   *
   * @param executor what is known of it
   * @return true if it is one of the JDK's own
   */
  public static boolean isPerTask(ExecutorRecord executor) {
    return executor.type().equals(PER_TASK);
  }

  /**
   * Whether an agent records executors of this kind as they are made.
   *
   * @param executor the executor
   * @return false if its class extends none of the JDK's
   */
  public static boolean isRecorded(ExecutorService executor) {
    return executor instanceof AbstractExecutorService
        || executor.getClass().getName().equals(PER_TASK);
  }
}
