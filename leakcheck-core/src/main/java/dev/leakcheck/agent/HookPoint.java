package dev.leakcheck.agent;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.record.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * One method of the JDK that calls a hook.
 *
 * <p>{@code Thread.start()} of Java 21 and later does not lead to {@code start(ThreadContainer)},
 * and {@code VirtualThread} overrides both, the first of which does lead to the second.
 *
 * <p>Other constructors of the JDK's pools lead to the one that is hooked. It may throw, and what
 * it leaves is nobody's executor; so the superclass's constructor, which every other library's
 * executor goes through, tells of those only.
 *
 * <p>Whoever asks a {@code CompletableFuture} how it ended, or has another depend on it, goes
 * through one of its public methods, whichever overload; a stage that is an argument is asked for
 * itself.
 *
 * @param part what it is hooked for
 * @param since the first release that has it
 * @param type internal name of the class
 * @param method name of the method
 * @param descriptor its descriptor, or {@link #ANY} for all methods of the name
 * @param hook what it calls
 */
record HookPoint(Part part, int since, String type, String method, String descriptor, Hook hook) {

  private static final String CONTAINER = "(Ljdk/internal/vm/ThreadContainer;)V";
  private static final String FACTORY = "(Ljava/util/concurrent/ThreadFactory;)V";
  private static final String SIZES =
      "(IIJLjava/util/concurrent/TimeUnit;Ljava/util/concurrent/BlockingQueue;"
          + "Ljava/util/concurrent/ThreadFactory;"
          + "Ljava/util/concurrent/RejectedExecutionHandler;)V";
  private static final String PARALLELISM =
      "(ILjava/util/concurrent/ForkJoinPool$ForkJoinWorkerThreadFactory;"
          + "Ljava/lang/Thread$UncaughtExceptionHandler;ZIIILjava/util/function/Predicate;"
          + "JLjava/util/concurrent/TimeUnit;)V";
  private static final String CALLABLE = "(Ljava/util/concurrent/Callable;)V";
  private static final String RUNNABLE = "(Ljava/lang/Runnable;Ljava/lang/Object;)V";
  private static final String GIVEN = "(Ljava/lang/Runnable;)V";
  private static final String SCHEDULED = "(Ljava/util/TimerTask;JJ)V";
  private static final String SUBMITS =
      "(ZLjava/util/concurrent/ForkJoinTask;)Ljava/util/concurrent/ForkJoinTask;";
  private static final String BEGINS = "(Ljava/lang/Thread;Ljava/lang/Runnable;)V";
  private static final String THROWABLE = "(Ljava/lang/Throwable;)V";
  private static final String REPORT = "(I)Ljava/lang/Object;";
  private static final String OBJECT = "()Ljava/lang/Object;";
  private static final String EXCEPTION = "()Ljava/lang/Throwable;";
  private static final String STATE = "()Ljava/util/concurrent/Future$State;";
  private static final String LIST = "()Ljava/util/List;";
  private static final String FAIR = "(Z)V";
  private static final String REDIRECTS =
      "([Ljava/lang/ProcessBuilder$Redirect;)Ljava/lang/Process;";
  private static final String HOOK = "(Ljava/lang/Thread;)V";
  private static final String SUPPLIES =
      "(Ljava/util/concurrent/CompletableFuture;Ljava/util/function/Supplier;)V";
  private static final String RUNS =
      "(Ljava/util/concurrent/CompletableFuture;Ljava/lang/Runnable;)V";
  private static final String THROWN = "(Ljava/lang/Throwable;)Z";
  private static final String CONSTRUCTOR = "<init>";

  /** Any descriptor. */
  static final String ANY = "*";

  private static final String VOID = "()V";

  private static final String THREAD = "java/lang/Thread";
  private static final String VIRTUAL_THREAD = "java/lang/VirtualThread";
  private static final String QUEUE = "java/util/AbstractQueue";
  private static final String EXECUTOR = "java/util/concurrent/AbstractExecutorService";
  private static final String POOL = "java/util/concurrent/ThreadPoolExecutor";
  private static final String FORK_JOIN_POOL = "java/util/concurrent/ForkJoinPool";
  private static final String TASK = "java/util/concurrent/FutureTask";
  private static final String PROCESS_BUILDER = "java/lang/ProcessBuilder";
  private static final String RUNTIME = "java/lang/Runtime";
  private static final String TIMER_REAPER = "java/util/Timer$ThreadReaper";
  private static final String TIMER = "java/util/Timer";
  private static final String TIMER_THREAD = "java/util/TimerThread";
  private static final String PER_TASK = "java/util/concurrent/ThreadPerTaskExecutor";
  private static final String BOUND_TASK = PER_TASK + "$ThreadBoundFuture";

  private static final String LOCK = "java/util/concurrent/locks/ReentrantLock";
  private static final String READ_WRITE_LOCK = "java/util/concurrent/locks/ReentrantReadWriteLock";
  private static final String STAMPED_LOCK = "java/util/concurrent/locks/StampedLock";

  /** Of all stages. */
  static final String STAGE = "java/util/concurrent/CompletableFuture";

  /** Of all tasks of fork-join pools. */
  static final String FORK_JOIN_TASK = "java/util/concurrent/ForkJoinTask";

  /** What a fork-join pool makes of what {@code submit} is given. */
  private static final String[] SUBMITTED = {
    "AdaptedCallable", "AdaptedRunnable", "AdaptedInterruptibleCallable"
  };

  /** The same; since there are virtual threads, what goes on with one is of this class as well. */
  private static final String SUBMITTED_THEN = "AdaptedRunnableAction";

  /** The same, in a JDK that is known to have it. */
  private static final String SUBMITTED_NOW = "AdaptedInterruptibleRunnable";

  /** What {@code ForkJoinPool.invoke} calls in place of {@code join}, up to some JDK after 17. */
  private static final String JOINING = "joinForPoolInvoke";

  /** What tells how such a task ended, or has it end in another way. */
  private static final String[] ASKING_TASK = {
    "get",
    "join",
    "invoke",
    "quietlyJoin",
    "quietlyInvoke",
    "getException",
    "isCompletedNormally",
    "isCompletedAbnormally",
    "complete",
    "quietlyComplete",
    "completeExceptionally",
    "cancel"
  };

  /** What tells how a stage ended, or hands that on, or has it end in another way. */
  private static final String[] ASKING = {
    "get",
    "join",
    "getNow",
    "isCompletedExceptionally",
    "toCompletableFuture",
    "copy",
    "minimalCompletionStage",
    "cancel",
    "complete",
    "completeExceptionally",
    "obtrudeValue",
    "obtrudeException",
    "orTimeout",
    "completeOnTimeout",
    "exceptionally",
    "exceptionallyAsync",
    "exceptionallyCompose",
    "exceptionallyComposeAsync",
    "handle",
    "handleAsync",
    "whenComplete",
    "whenCompleteAsync"
  };

  /**
   * What makes a stage that goes on with what one or several came to, and may end as a failed one
   * of them did. What has to wait, or to run elsewhere, is known before it can be run.
   */
  private static final String[] DERIVING = {
    "thenApply",
    "thenApplyAsync",
    "thenAccept",
    "thenAcceptAsync",
    "thenRun",
    "thenRunAsync",
    "thenCompose",
    "thenComposeAsync",
    "thenCombine",
    "thenCombineAsync",
    "thenAcceptBoth",
    "thenAcceptBothAsync",
    "runAfterBoth",
    "runAfterBothAsync",
    "applyToEither",
    "applyToEitherAsync",
    "acceptEither",
    "acceptEitherAsync",
    "runAfterEither",
    "runAfterEitherAsync",
    "allOf",
    "anyOf"
  };

  /** What is then run, once made of an executor, the new stage and the other. */
  private static final String[] DERIVED = {
    "UniApply",
    "UniAccept",
    "UniRun",
    "UniCompose",
    "BiApply",
    "BiAccept",
    "BiRun",
    "OrApply",
    "OrAccept",
    "OrRun"
  };

  /** What tells how a stage or a task ended, since Java 19. */
  private static final String[] ASKING_NOW = {"resultNow", "exceptionNow", "state"};

  private static final HookPoint[] ALL = {
    new HookPoint(Part.THREADS, 17, THREAD, "start", VOID, Hook.THREAD_STARTS),
    new HookPoint(Part.THREADS, 21, THREAD, "start", CONTAINER, Hook.THREAD_STARTS),
    new HookPoint(
        Part.VIRTUAL_THREADS, 21, VIRTUAL_THREAD, "start", CONTAINER, Hook.VIRTUAL_THREAD_STARTS),
    new HookPoint(Part.THREADS, 17, TIMER_REAPER, "run", VOID, Hook.TIMER_ENDS),
    new HookPoint(Part.EXECUTORS, 17, EXECUTOR, CONSTRUCTOR, VOID, Hook.EXECUTOR_BEGUN),
    new HookPoint(Part.EXECUTORS, 17, POOL, CONSTRUCTOR, SIZES, Hook.EXECUTOR_MADE),
    new HookPoint(Part.EXECUTORS, 17, FORK_JOIN_POOL, CONSTRUCTOR, PARALLELISM, Hook.EXECUTOR_MADE),
    new HookPoint(Part.EXECUTORS, 17, POOL, "shutdown", VOID, Hook.EXECUTOR_STOPS),
    new HookPoint(Part.EXECUTORS, 17, POOL, "shutdownNow", LIST, Hook.EXECUTOR_STOPS),
    new HookPoint(Part.EXECUTORS, 17, FORK_JOIN_POOL, "shutdown", VOID, Hook.EXECUTOR_STOPS),
    new HookPoint(Part.EXECUTORS, 17, FORK_JOIN_POOL, "shutdownNow", LIST, Hook.EXECUTOR_STOPS),
    new HookPoint(Part.EXECUTORS, 21, FORK_JOIN_POOL, "close", VOID, Hook.EXECUTOR_STOPS),
    new HookPoint(Part.EXECUTORS, 21, PER_TASK, CONSTRUCTOR, FACTORY, Hook.EXECUTOR_MADE),
    new HookPoint(Part.EXECUTORS, 21, PER_TASK, "shutdown", VOID, Hook.EXECUTOR_STOPS),
    new HookPoint(Part.EXECUTORS, 21, PER_TASK, "shutdownNow", LIST, Hook.EXECUTOR_STOPS),
    new HookPoint(Part.EXECUTORS, 21, PER_TASK, "close", VOID, Hook.EXECUTOR_STOPS),
    new HookPoint(Part.EXECUTORS, 17, POOL, "execute", GIVEN, Hook.TASK_GIVEN),
    new HookPoint(Part.EXECUTORS, 17, POOL, "beforeExecute", BEGINS, Hook.TASK_BEGINS),
    new HookPoint(Part.EXECUTORS, 17, TIMER, "sched", SCHEDULED, Hook.TASK_GIVEN),
    new HookPoint(Part.EXECUTORS, 17, TIMER_THREAD, "mainLoop", VOID, Hook.TASK_BEGINS),
    new HookPoint(Part.EXECUTORS, 17, FORK_JOIN_POOL, "externalSubmit", ANY, Hook.TASK_GIVEN),
    new HookPoint(Part.EXECUTORS, 19, FORK_JOIN_POOL, "poolSubmit", SUBMITS, Hook.TASK_GIVEN),
    new HookPoint(Part.EXECUTORS, 25, FORK_JOIN_POOL, "scheduleDelayedTask", ANY, Hook.TASK_GIVEN),
    new HookPoint(Part.QUEUES, 17, QUEUE, CONSTRUCTOR, VOID, Hook.QUEUE_MADE),
    new HookPoint(Part.LOCKS, 17, LOCK, CONSTRUCTOR, VOID, Hook.LOCK_MADE),
    new HookPoint(Part.LOCKS, 17, LOCK, CONSTRUCTOR, FAIR, Hook.LOCK_MADE),
    new HookPoint(Part.LOCKS, 17, READ_WRITE_LOCK, CONSTRUCTOR, FAIR, Hook.LOCK_MADE),
    new HookPoint(Part.LOCKS, 17, STAMPED_LOCK, CONSTRUCTOR, VOID, Hook.LOCK_MADE),
    new HookPoint(Part.FAILED_TASKS, 17, TASK, CONSTRUCTOR, CALLABLE, Hook.TASK_MADE),
    new HookPoint(Part.FAILED_TASKS, 17, TASK, CONSTRUCTOR, RUNNABLE, Hook.TASK_MADE),
    new HookPoint(Part.FAILED_TASKS, 21, BOUND_TASK, CONSTRUCTOR, ANY, Hook.TASK_MADE),
    new HookPoint(Part.FAILED_TASKS, 17, TASK, "setException", THROWABLE, Hook.TASK_FAILS),
    new HookPoint(Part.FAILED_TASKS, 17, TASK, "setException", THROWABLE, Hook.TASK_FAILED),
    new HookPoint(Part.FAILED_TASKS, 17, TASK, "report", REPORT, Hook.TASK_ASKED),
    new HookPoint(Part.FAILED_TASKS, 17, TASK, "cancel", "(Z)Z", Hook.TASK_LOOKED_AT),
    new HookPoint(Part.FAILED_TASKS, 19, TASK, "resultNow", OBJECT, Hook.TASK_ASKED),
    new HookPoint(Part.FAILED_TASKS, 19, TASK, "exceptionNow", EXCEPTION, Hook.TASK_LOOKED_AT),
    new HookPoint(Part.FAILED_TASKS, 19, TASK, "state", STATE, Hook.TASK_LOOKED_AT),
    new HookPoint(
        Part.ASYNC_STAGES, 17, STAGE + "$AsyncSupply", CONSTRUCTOR, SUPPLIES, Hook.STAGE_MADE),
    new HookPoint(Part.ASYNC_STAGES, 17, STAGE + "$AsyncRun", CONSTRUCTOR, RUNS, Hook.STAGE_MADE),
    new HookPoint(Part.ASYNC_STAGES, 17, STAGE, "completeThrowable", THROWN, Hook.STAGE_FAILS),
    new HookPoint(Part.ASYNC_STAGES, 17, STAGE, "completeThrowable", THROWN, Hook.STAGE_FAILED),
    new HookPoint(Part.ASYNC_STAGES, 17, STAGE, "completeAsync", ANY, Hook.STAGE_GIVEN),
    new HookPoint(Part.ASYNC_STAGES, 17, FORK_JOIN_TASK, "trySetThrown", ANY, Hook.STAGE_FAILS),
    new HookPoint(Part.ASYNC_STAGES, 17, FORK_JOIN_TASK, "trySetThrown", ANY, Hook.STAGE_FAILED),
    new HookPoint(Part.PROCESSES, 17, PROCESS_BUILDER, "start", REDIRECTS, Hook.PROCESS_STARTED),
    new HookPoint(
        Part.SHUTDOWN_HOOKS, 17, RUNTIME, "addShutdownHook", HOOK, Hook.SHUTDOWN_HOOK_ADDED),
  };

  /** The points that this JDK should have. */
  static List<HookPoint> ofThisJdk() {
    List<HookPoint> points = new ArrayList<>(ALL.length);
    for (HookPoint point : ALL) {
      if (Jdk.FEATURE >= point.since) {
        points.add(point);
      }
    }
    addAsking(points, 17, STAGE, ASKING);
    addAsking(points, 19, STAGE, ASKING_NOW);
    addOfStages(points, 17, STAGE, Hook.STAGE_DERIVED, DERIVING);
    for (String derived : DERIVED) {
      addOfStages(points, 17, STAGE + "$" + derived, Hook.STAGE_DERIVED, CONSTRUCTOR);
    }
    addAsking(points, 17, FORK_JOIN_TASK, ASKING_TASK);
    addAsking(points, 17, FORK_JOIN_TASK, JOINING);
    addAsking(points, 19, FORK_JOIN_TASK, ASKING_NOW);
    addAsking(points, FIRST_INTERRUPTIBLE, FORK_JOIN_TASK + "$InterruptibleTask", "cancel");
    for (String submitted : SUBMITTED) {
      points.add(submitted(17, submitted));
    }
    if (!Jdk.HAS_CONTAINERS) {
      points.add(submitted(17, SUBMITTED_THEN));
    }
    if (Jdk.FEATURE >= FIRST_INTERRUPTIBLE) {
      points.add(submitted(FIRST_INTERRUPTIBLE, SUBMITTED_NOW));
    }
    return points;
  }

  private static HookPoint submitted(int since, String task) {
    String type = FORK_JOIN_TASK + "$" + task;
    return new HookPoint(Part.ASYNC_STAGES, since, type, CONSTRUCTOR, ANY, Hook.STAGE_MADE);
  }

  private static final int FIRST_LATE = 21;
  private static final int FIRST_INTERRUPTIBLE = 25;

  private static void addAsking(List<HookPoint> points, int since, String type, String... methods) {
    addOfStages(points, since, type, Hook.STAGE_ASKED, methods);
  }

  private static void addOfStages(
      List<HookPoint> points, int since, String type, Hook hook, String... methods) {
    if (Jdk.FEATURE >= since) {
      for (String method : methods) {
        points.add(new HookPoint(Part.ASYNC_STAGES, since, type, method, ANY, hook));
      }
    }
  }

  /**
   * Whether its class is left to be loaded by whoever needs it, which costs the JVM's start nothing
   * where nobody does. It gets its hooks then. Where the JVM checks its own native calls, asking an
   * older one what is loaded makes it complain of itself.
   */
  boolean isLate() {
    return part == Part.ASYNC_STAGES && Jdk.FEATURE >= FIRST_LATE;
  }

  /** Whether a method of its class is meant. */
  boolean is(String name, String ofType) {
    return method.equals(name) && (descriptor.equals(ANY) || descriptor.equals(ofType));
  }

  /** Whether it has no object that it is called on: what it is given first is handed over. */
  boolean isStatic() {
    return method.equals("allOf") || method.equals("anyOf");
  }

  /**
   * An object is handed over when its class's own constructor is done, a process when it was
   * started, a shutdown hook when it was accepted, most else at once.
   */
  boolean atReturn() {
    return isConstructor()
        || hook == Hook.TASK_FAILED
        || hook == Hook.TASK_LOOKED_AT
        || hook == Hook.STAGE_FAILED
        || hook == Hook.STAGE_GIVEN
        || ofResult()
        || ofArgument();
  }

  private boolean isConstructor() {
    return method.equals(CONSTRUCTOR);
  }

  /** What the method returns is handed over, not the object that it is called on. */
  boolean ofResult() {
    return hook == Hook.PROCESS_STARTED || (hook == Hook.STAGE_DERIVED && !isConstructor());
  }

  /** What the method is given is handed over, not the object that it is called on. */
  boolean ofArgument() {
    return hook == Hook.SHUTDOWN_HOOK_ADDED
        || (hook == Hook.STAGE_MADE && type.startsWith(STAGE)); // which is given the stage
  }

  /**
   * Where {@code close()} is not overridden it leads to {@code shutdown()}; and how timers and
   * fork-join pools work inside is nobody's promise.
   */
  boolean optional() {
    return method.equals("close")
        || method.equals(JOINING)
        || type.startsWith(TIMER)
        || (type.equals(FORK_JOIN_POOL) && hook == Hook.TASK_GIVEN);
  }

  /** Which of the method's variables is the task that is given or begun. */
  int ofTask() {
    return hook == Hook.TASK_BEGINS || descriptor.equals(SUBMITS) ? 2 : 1;
  }

  /** Whether the call of a task in the method is what is told of, before and after. */
  boolean aroundCall() {
    return type.equals(TIMER_THREAD);
  }

  String typeName() {
    return type.replace('/', '.');
  }

  /** For a person. */
  String label() {
    return typeName() + (isConstructor() ? "'s constructor" : "." + method);
  }
}
