package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.JdkField;
import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK keeps of tasks that were given to a {@code ForkJoinPool}. Reads private fields only:
 * no method of a task is called, and no lock is taken. Thread-safe.
 */
public final class ForkJoinTasks {

  private static final String CONCURRENT = "java.util.concurrent.";
  private static final String STAGE = CONCURRENT + "CompletableFuture";
  private static final String SCHEDULER = CONCURRENT + "DelayScheduler";

  /** Since Java 25. */
  private static final String SCHEDULED = SCHEDULER + "$ScheduledForkJoinTask";

  private static final JdkField STATUS = JdkField.of(CONCURRENT + "ForkJoinTask", "status");
  private static final JdkField FACTORY = JdkField.of(CONCURRENT + "ForkJoinPool", "factory");
  private static final JdkField QUEUES = JdkField.of(CONCURRENT + "ForkJoinPool", "queues");
  private static final JdkField QUEUED =
      JdkField.of(CONCURRENT + "ForkJoinPool$WorkQueue", "array");
  private static final JdkField WHEN = JdkField.of(SCHEDULED, "when");
  private static final JdkField PERIOD = JdkField.of(SCHEDULED, "nextDelay");
  private static final JdkField POOL = JdkField.of(SCHEDULED, "pool");
  private static final JdkField OFFSET = JdkField.of(SCHEDULER, "nanoTimeOffset");
  private static final JdkField RESULT = JdkField.of(STAGE, "result");

  /** The stage that tells how a stage's task ended. */
  private static final List<JdkField> STAGES =
      Stream.of("AsyncRun", "AsyncSupply", "UniCompletion")
          .map(type -> JdkField.of(STAGE + "$" + type, "dep"))
          .toList();

  /** The pool that runs virtual threads, once it was seen: the JDK keeps it for good. */
  private static volatile @Nullable ForkJoinPool scheduler;

  private ForkJoinTasks() {}

  /**
   * Whether a task tells when it is done: not so one whose {@code exec()} is a program's own, which
   * may never say so.
   *
   * @param task any object
   * @return true for those of the JDK's classes that a pool is given
   */
  public static boolean areTold(Object task) {
    if (!(task instanceof ForkJoinTask)) {
      return false;
    }
    String type = task.getClass().getName();
    return task instanceof RecursiveAction
        || task instanceof RecursiveTask
        || type.equals(SCHEDULED)
        || type.startsWith(CONCURRENT + "ForkJoinTask$")
        || stage(task) != null;
  }

  /**
   * Whether a pool is the one that runs virtual threads: what it is given is a part of what such a
   * thread does, and no task.
   *
   * @param pool any pool
   * @return false as well if that cannot be read
   */
  public static boolean runsVirtualThreads(ForkJoinPool pool) {
    if (pool == scheduler) {
      return true;
    }
    Object factory = FACTORY.read(pool);
    boolean runs =
        factory != null && factory.getClass().getName().startsWith("java.lang.VirtualThread$");
    if (runs) {
      scheduler = pool;
    }
    return runs;
  }

  /**
   * The stage that a task is run for.
   *
   * @param task any object
   * @return the {@code CompletableFuture}, or null if there is none, or the task has been run
   */
  public static @Nullable Object stage(Object task) {
    for (JdkField field : STAGES) {
      Object stage = field.read(task);
      if (stage != null) {
        return stage;
      }
    }
    return null;
  }

  /**
   * Whether a stage is done: then its task does nothing any more when it is run.
   *
   * @param stage a {@code CompletableFuture}
   * @return false as well if that cannot be read
   */
  public static boolean isStageDone(Object stage) {
    return RESULT.read(stage) != null;
  }

  /**
   * Whether a task is done, by itself or since it was cancelled.
   *
   * @param task a task that is no stage's
   * @return true as well if that cannot be read
   */
  public static boolean isDone(Object task) {
    return !(STATUS.read(task) instanceof Integer status) || status < 0;
  }

  /**
   * When a task runs that a pool has scheduled.
   *
   * @param task any object
   * @return null if it was not scheduled, or that cannot be read
   */
  public static @Nullable Schedule schedule(Object task) {
    return WHEN.read(task) instanceof Long when
            && PERIOD.read(task) instanceof Long period
            && OFFSET.readStatic() instanceof Long offset
        ? new Schedule(Schedule.NO_NUMBER, period, when - offset)
        : null;
  }

  /**
   * The pool that a task was scheduled in.
   *
   * @param task any object
   * @return null if it was not scheduled, or that cannot be read
   */
  public static @Nullable ForkJoinPool pool(Object task) {
    return POOL.read(task) instanceof ForkJoinPool pool ? pool : null;
  }

  /**
   * The tasks that wait for a worker of a pool, as far as they are seen while the pool works.
   *
   * @param pool the pool
   * @return a set by identity
   */
  public static Set<Object> queued(ForkJoinPool pool) {
    Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
    if (QUEUES.read(pool) instanceof Object[] queues) {
      for (Object queue : queues) {
        if (QUEUED.read(queue) instanceof Object[] tasks) {
          for (Object task : tasks) {
            if (task != null) {
              all.add(task);
            }
          }
        }
      }
    }
    return all;
  }
}
