package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.base.Fatal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks executors, queues and tasks that were found, as far as {@link Answers} lets it. Where it
 * does not, the answer is null. Never throws. Thread-safe.
 *
 * <p>What may take a lock has a parameter for the most that the answer may cost: with {@link
 * Cost#LOCK} it may never come, so that it is asked on a thread that can be spared.
 */
public final class Ask {

  private Ask() {}

  /**
   * Whether an executor was told to stop.
   *
   * @param executor the executor
   * @param most what the answer may cost
   * @return null if it must not be asked, or did not answer
   */
  public static @Nullable Boolean isShutdown(ExecutorService executor, Cost most) {
    return may(executor, "isShutdown", most) ? quietly(executor::isShutdown) : null;
  }

  /**
   * Whether an executor has stopped. A fork-join pool has if it was told to and has no thread left:
   * to ask it would have it go on with stopping.
   *
   * @param executor the executor
   * @param most what the answer may cost
   * @return null if it must not be asked, or did not answer
   */
  public static @Nullable Boolean isTerminated(ExecutorService executor, Cost most) {
    if (executor instanceof ForkJoinPool pool) {
      Boolean shutdown = isShutdown(pool, most);
      Integer threads = may(pool, "getPoolSize", most) ? quietly(pool::getPoolSize) : null;
      if (shutdown == null || threads == null) {
        return null;
      }
      return shutdown && threads == 0;
    }
    return may(executor, "isTerminated", most) ? quietly(executor::isTerminated) : null;
  }

  /** How many threads a pool keeps, and -1 if that is not told. */
  public static int coreSize(ThreadPoolExecutor pool) {
    return number(pool, "getCorePoolSize", Cost.NONE, pool::getCorePoolSize).intValue();
  }

  /** How many threads a pool may have, and -1 if that is not told. */
  public static int maximumSize(ThreadPoolExecutor pool) {
    return number(pool, "getMaximumPoolSize", Cost.NONE, pool::getMaximumPoolSize).intValue();
  }

  /** How long a pool keeps an idle thread beyond its core, and -1 if that is not told. */
  public static long keepAliveMillis(ThreadPoolExecutor pool) {
    Supplier<Number> keepAlive = () -> pool.getKeepAliveTime(TimeUnit.MILLISECONDS);
    return number(pool, "getKeepAliveTime", Cost.NONE, keepAlive).longValue();
  }

  /** How many threads of a pool run a task, and -1 if that is not told. */
  public static int activeCount(ThreadPoolExecutor pool, Cost most) {
    return number(pool, "getActiveCount", most, pool::getActiveCount).intValue();
  }

  /** How many threads a pool has, and -1 if that is not told. */
  public static int poolSize(ThreadPoolExecutor pool, Cost most) {
    return number(pool, "getPoolSize", most, pool::getPoolSize).intValue();
  }

  /** How many tasks of a pool are done, and -1 if that is not told. */
  public static long completedCount(ThreadPoolExecutor pool, Cost most) {
    return number(pool, "getCompletedTaskCount", most, pool::getCompletedTaskCount).longValue();
  }

  /** What makes a pool's threads, or null if that is not told. */
  public static @Nullable ThreadFactory threadFactory(ThreadPoolExecutor pool) {
    return may(pool, "getThreadFactory", Cost.NONE) ? quietly(pool::getThreadFactory) : null;
  }

  /** The queue in which a pool keeps tasks that wait, or null if that is not told. */
  public static @Nullable BlockingQueue<?> workQueue(ThreadPoolExecutor pool) {
    return may(pool, "getQueue", Cost.NONE) ? quietly(pool::getQueue) : null;
  }

  /** How many threads a fork-join pool has at most, and -1 if that is not told. */
  public static int parallelism(ForkJoinPool pool) {
    return number(pool, "getParallelism", Cost.NONE, pool::getParallelism).intValue();
  }

  /** How many threads of a fork-join pool run a task, and -1 if that is not told. */
  public static int activeCount(ForkJoinPool pool) {
    return number(pool, "getActiveThreadCount", Cost.NONE, pool::getActiveThreadCount).intValue();
  }

  /** How many tasks of a fork-join pool wait for a thread, and -1 if that is not told. */
  public static long queuedCount(ForkJoinPool pool) {
    long forked =
        number(pool, "getQueuedTaskCount", Cost.NONE, pool::getQueuedTaskCount).longValue();
    long submitted =
        number(pool, "getQueuedSubmissionCount", Cost.NONE, pool::getQueuedSubmissionCount)
            .longValue();
    return forked < 0 || submitted < 0 ? -1 : forked + submitted;
  }

  /** How many tasks the workers of a fork-join pool took from others, and -1 if it is not told. */
  public static long stealCount(ForkJoinPool pool) {
    return number(pool, "getStealCount", Cost.NONE, pool::getStealCount).longValue();
  }

  /** Whether a fork-join pool has nothing to do; true if that is not told. */
  public static boolean isQuiescent(ForkJoinPool pool) {
    Boolean quiescent = may(pool, "isQuiescent", Cost.NONE) ? quietly(pool::isQuiescent) : null;
    return quiescent == null || quiescent;
  }

  /** The pool of a worker, or null if that is not told. */
  public static @Nullable ForkJoinPool pool(ForkJoinWorkerThread worker) {
    return may(worker, "getPool", Cost.NONE) ? quietly(worker::getPool) : null;
  }

  /**
   * How many elements a queue holds.
   *
   * @param queue the queue
   * @param most what the answer may cost
   * @return null if it must not be asked, or did not answer
   */
  public static @Nullable Integer size(BlockingQueue<?> queue, Cost most) {
    return may(queue, "size", most) ? quietly(queue::size) : null;
  }

  /** How many more elements a queue takes, and -1 if that is not told. */
  public static int remainingCapacity(BlockingQueue<?> queue, Cost most) {
    return number(queue, "remainingCapacity", most, queue::remainingCapacity).intValue();
  }

  /**
   * How often each class occurs among the elements of a queue.
   *
   * @param queue the queue
   * @param first how many elements are looked at
   * @param most what the answer may cost
   * @return class names with counts; empty if the queue must not be asked
   */
  public static Map<String, Integer> elementTypes(BlockingQueue<?> queue, int first, Cost most) {
    Map<String, Integer> types = new HashMap<>();
    List<Object> elements = elements(queue, first, most);
    if (elements != null) {
      elements.forEach(element -> types.merge(element.getClass().getName(), 1, Integer::sum));
    }
    return types;
  }

  /**
   * The elements of a queue, none of whose methods may be called.
   *
   * @param queue the queue
   * @param first how many elements are wanted
   * @param most what the answer may cost
   * @return the elements, which stay in the queue; null if it must not be asked, or did not answer
   */
  public static @Nullable List<Object> elements(BlockingQueue<?> queue, int first, Cost most) {
    if (!may(queue, "iterator", most)) {
      return null;
    }
    return quietly(
        () -> {
          List<Object> elements = new ArrayList<>();
          Iterator<?> all = queue.iterator();
          for (int i = 0; i < first && all.hasNext(); i++) {
            Object element = all.next();
            if (element != null) {
              elements.add(element);
            }
          }
          return elements;
        });
  }

  /** How many threads a barrier waits for, and -1 if that is not told. */
  public static int parties(CyclicBarrier barrier) {
    return number(barrier, "getParties", Cost.NONE, barrier::getParties).intValue();
  }

  /** Whether a task has ended; false if that is not told. */
  public static boolean isDone(Future<?> task) {
    Boolean done = may(task, "isDone", Cost.NONE) ? quietly(task::isDone) : null;
    return done != null && done;
  }

  /** Whether a task was cancelled, which does not mean that nobody runs it; false if not told. */
  public static boolean isCancelled(Future<?> task) {
    Boolean cancelled = may(task, "isCancelled", Cost.NONE) ? quietly(task::isCancelled) : null;
    return cancelled != null && cancelled;
  }

  /** Whether a task runs again and again; false if that is not told. */
  public static boolean isPeriodic(Object task) {
    if (!(task instanceof RunnableScheduledFuture<?> scheduled)
        || !may(scheduled, "isPeriodic", Cost.NONE)) {
      return false;
    }
    Boolean periodic = quietly(scheduled::isPeriodic);
    return periodic != null && periodic;
  }

  static boolean may(Object object, String method, Cost most) {
    Cost cost = Answers.cost(object, method);
    return cost != null && cost.compareTo(most) <= 0;
  }

  private static Number number(
      Object object, String method, Cost most, Supplier<? extends Number> question) {
    Number answer = may(object, method, most) ? quietly(question) : null;
    return Objects.requireNonNullElse(answer, -1);
  }

  /** An object whose constructor has not ended may lack what it needs to answer. */
  static <T> @Nullable T quietly(Supplier<? extends @Nullable T> question) {
    try {
      return question.get();
    } catch (RuntimeException | Error e) {
      Fatal.rethrow(e);
      return null;
    }
  }
}
