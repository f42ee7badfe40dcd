package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.base.JdkField;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK keeps of the tasks that were given to its pools. Reads private fields only: no
 * method of a task is called, and no lock is taken.
 *
 * <p>The tasks of all scheduled executors of a JVM take their numbers from one counter. So that
 * tells within nanoseconds whether anybody scheduled something, and of each task whether it is
 * older. Thread-safe.
 */
public final class TaskProbe {

  private static final String CONCURRENT = "java.util.concurrent.";
  private static final String SCHEDULED = CONCURRENT + "ScheduledThreadPoolExecutor";
  private static final String TASK = SCHEDULED + "$ScheduledFutureTask";

  private static final String STAGE = CONCURRENT + "CompletableFuture$";
  private static final String SUBMITTER = STAGE + "TaskSubmitter";

  private static final JdkField COUNTER = JdkField.of(SCHEDULED, "sequencer");
  private static final JdkField NUMBER = JdkField.of(TASK, "sequenceNumber");
  private static final JdkField TIME = JdkField.of(TASK, "time");
  private static final JdkField PERIOD = JdkField.of(TASK, "period");
  private static final JdkField EXECUTOR = JdkField.of(TASK, "this$0");

  private static final JdkField ACTION = JdkField.of(SUBMITTER, "action");

  /** What executors make of what they are given leads to that, as the JDK's releases keep it. */
  private static final List<JdkField> WRAPPED =
      List.of(
          JdkField.of(CONCURRENT + "FutureTask", "callable"),
          JdkField.of(CONCURRENT + "Executors$RunnableAdapter", "task"),
          // of what runs in a thread of its own
          JdkField.of(CONCURRENT + "ThreadPerTaskExecutor$TaskRunner", "task"),
          JdkField.of(CONCURRENT + "ThreadPerTaskExecutor$ThreadBoundFuture", "task"),
          // of what fork-join pools run
          JdkField.of(CONCURRENT + "ForkJoinTask$AdaptedRunnable", "runnable"),
          JdkField.of(CONCURRENT + "ForkJoinTask$AdaptedRunnableAction", "runnable"),
          JdkField.of(CONCURRENT + "ForkJoinTask$AdaptedInterruptibleRunnable", "runnable"),
          JdkField.of(CONCURRENT + "ForkJoinTask$RunnableExecuteAction", "runnable"),
          JdkField.of(CONCURRENT + "ForkJoinTask$AdaptedCallable", "callable"),
          JdkField.of(CONCURRENT + "ForkJoinTask$AdaptedInterruptibleCallable", "callable"),
          JdkField.of(CONCURRENT + "DelayScheduler$ScheduledForkJoinTask", "runnable"),
          JdkField.of(CONCURRENT + "DelayScheduler$ScheduledForkJoinTask", "callable"),
          // of what a delayed executor gives to another
          ACTION);

  /** What a stage has run, by the class of what it gives to an executor. */
  private static final List<JdkField> FUNCTIONS =
      Stream.of(
              "AsyncRun",
              "AsyncSupply",
              "UniApply",
              "UniAccept",
              "UniRun",
              "UniCompose",
              "UniHandle",
              "UniWhenComplete",
              "UniExceptionally")
          .map(type -> JdkField.of(STAGE + type, "fn"))
          .toList();

  /** What a stream's task calls, besides what it runs. */
  private static final Set<String> SUBSCRIBERS =
      Set.of("org.reactivestreams.Subscriber", "io.reactivex.rxjava3.core.Observer");

  /** How many objects are looked at between a task and the user's code. */
  private static final int MAX_OBJECTS = 64;

  private TaskProbe() {}

  /**
   * When a task of a scheduled executor runs.
   *
   * @param number its number, by which all of a JVM are in order, or {@link #NO_NUMBER}
   * @param periodNanos the time between its runs: above 0 at a fixed rate, below 0 with a fixed
   *     delay, 0 if it runs once
   * @param dueNanos when it runs next, as {@code System.nanoTime()} will tell
   */
  public record Schedule(long number, long periodNanos, long dueNanos) {

    /** The JDK numbers no tasks of such executors. */
    static final long NO_NUMBER = -1;

    /** What tells the task from others, as a text. */
    public String identity(Object task) {
      return number == NO_NUMBER ? Identity.of(task) : Long.toString(number);
    }

    /** Whether it runs again and again. */
    public boolean isPeriodic() {
      return periodNanos != 0;
    }

    /** How long it is from a time, as {@code System.nanoTime()} told it, until the next run. */
    public long nanosFrom(long now) {
      return dueNanos - now;
    }
  }

  /**
   * The number that the next task will get, of whichever scheduled executor.
   *
   * @return the number, or -1 if the JDK keeps it closed, as from Java 24 on without the agent
   */
  public static long next() {
    return COUNTER.readStatic() instanceof AtomicLong counter ? counter.get() : -1;
  }

  /**
   * The task of the JDK's in what a scheduled executor has in its queue.
   *
   * @param queued an element of the queue: a task, or what the executor's class made of it
   * @return the task, or null if there is none
   */
  public static @Nullable Object scheduled(Object queued) {
    if (isScheduled(queued)) {
      return queued;
    }
    for (Field field : Fields.ofInstances(queued.getClass())) {
      Object value = Fields.read(field, queued);
      if (value != null && isScheduled(value)) {
        return value;
      }
    }
    return null;
  }

  private static boolean isScheduled(Object object) {
    return object.getClass().getName().equals(TASK);
  }

  /**
   * When a task runs.
   *
   * @param task any object
   * @return null if it is no task of a scheduled executor, or that cannot be read
   */
  public static @Nullable Schedule schedule(Object task) {
    return NUMBER.read(task) instanceof Long number
            && PERIOD.read(task) instanceof Long period
            && TIME.read(task) instanceof Long time
        ? new Schedule(number, period, time)
        : null;
  }

  /**
   * The executor that a task was scheduled in.
   *
   * @param task any object
   * @return null if it is no task of a scheduled executor, or that cannot be read
   */
  public static @Nullable ExecutorService executor(Object task) {
    return EXECUTOR.read(task) instanceof ScheduledThreadPoolExecutor executor ? executor : null;
  }

  /**
   * The user's code in a task: what it runs, also where a library has wrapped that.
   *
   * @param task a future task
   * @param users whether a class, which is not the JDK's, is the user's
   * @return the nearest object of such a class, or null if there is none or it cannot be read
   */
  public static @Nullable Object code(Object task, Predicate<Class<?>> users) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> open = new ArrayDeque<>();
    open.add(task);
    while (!open.isEmpty() && seen.size() < MAX_OBJECTS) {
      Object object = open.remove();
      if (!seen.add(object)) {
        continue;
      }
      WRAPPED.forEach(field -> addIfPresent(field.read(object), open));
      Object stage = ForkJoinTasks.stage(object);
      if (stage == null || !ForkJoinTasks.isStageDone(stage)) { // else it will not be run
        FUNCTIONS.forEach(function -> addIfPresent(function.read(object), open));
      }
      if (Fields.isJdk(object.getClass())) {
        continue;
      }
      if (users.test(object.getClass())) {
        return object;
      }
      for (Field field : Fields.ofInstances(object.getClass())) {
        Object value = Fields.read(field, object);
        if (value != null && isCalled(value)) {
          open.add(value);
        }
      }
    }
    return null;
  }

  /**
   * The classes, but for the JDK's, of the code in a task: of what it runs, and of what that wraps.
   *
   * @param task a future task that has not ended
   * @return empty if there are none, or they cannot be told
   */
  public static List<Class<?>> classes(Object task) {
    List<Class<?>> classes = new ArrayList<>();
    code(
        task,
        type -> {
          classes.add(type);
          return false;
        });
    return classes.size() < MAX_OBJECTS / 2 ? classes : List.of();
  }

  /**
   * What was given to an executor, as far as a task tells.
   *
   * @param task a future task
   * @return the nearest object in it that is not the JDK's, or null if there is none or it cannot
   *     be read
   */
  public static @Nullable Object given(Object task) {
    return code(task, type -> true);
  }

  /**
   * Whether a task waits for {@code CompletableFuture.delayedExecutor(…)}, which gives nobody a
   * future of it.
   *
   * @param task a task
   * @return false as well if that cannot be read
   */
  public static boolean isDelayed(Object task) {
    return submitter(task) != null;
  }

  /**
   * Whether what waits there is a stage's own, which does nothing once that is done.
   *
   * @param task a task
   * @return false as well if that cannot be read
   */
  public static boolean isDelayedStage(Object task) {
    Object submitter = submitter(task);
    Object action = submitter == null ? null : ACTION.read(submitter);
    return action != null && action.getClass().getName().startsWith(STAGE);
  }

  private static @Nullable Object submitter(Object task) {
    Object next = task;
    for (int i = 0; next != null && i < MAX_OBJECTS; i++) {
      if (next.getClass().getName().equals(SUBMITTER)) {
        return next;
      }
      Object wrapper = next;
      next =
          WRAPPED.stream()
              .map(field -> field.read(wrapper))
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(null);
    }
    return null;
  }

  private static void addIfPresent(@Nullable Object value, Deque<Object> open) {
    if (value != null) {
      open.add(value);
    }
  }

  /** Whether it is there to be called, and not to be looked after. */
  private static boolean isCalled(Object value) {
    if (value instanceof Thread || value instanceof ExecutorService) {
      return false;
    }
    return value instanceof Runnable
        || value instanceof Callable
        || value instanceof Flow.Subscriber
        || value.getClass().isHidden()
        || isSubscriber(value.getClass());
  }

  private static boolean isSubscriber(Class<?> type) {
    for (Class<?> known = type; known != null; known = known.getSuperclass()) {
      for (Class<?> face : known.getInterfaces()) {
        if (SUBSCRIBERS.contains(face.getName()) || isSubscriber(face)) {
          return true;
        }
      }
    }
    return false;
  }
}
