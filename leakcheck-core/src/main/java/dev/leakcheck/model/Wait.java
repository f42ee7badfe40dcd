package dev.leakcheck.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a thread does or waits in, as its state and the innermost frames of its stack tell.
 *
 * @param kind what it does
 * @param type class name of the JDK's class whose method it is in, or empty if it is in none
 * @param method the method of that class that was called, such as {@code take}, or empty
 * @param timed whether the wait has a time limit
 */
public record Wait(Kind kind, String type, String method, boolean timed) {

  private static final String PACKAGE = "java.util.concurrent.";
  private static final String FORK_JOIN_TASK = PACKAGE + "ForkJoinTask";

  /** What a thread does. */
  public enum Kind {
    /** It has not been started. */
    UNSTARTED,
    /** It has ended. */
    ENDED,
    /** It computes. */
    RUNNING,
    /** It is in native code that is not the JDK's. */
    NATIVE,
    /** It sleeps. */
    SLEEP,
    /** It waits for input or output. */
    IO,
    /** It is a worker that waits for its next task. */
    IDLE_WORKER,
    /** It waits in an operation of a blocking queue. */
    QUEUE,
    /** It waits for a lock of {@code java.util.concurrent.locks}. */
    LOCK,
    /** It waits to enter a synchronized block or method. */
    MONITOR,
    /** It waits for a latch. */
    LATCH,
    /** It waits for the other parties of a cyclic barrier. */
    BARRIER,
    /** It waits for the other parties of a phaser. */
    PHASER,
    /** It waits for room in the buffer of a publisher's subscriber. */
    SUBSCRIBER,
    /** It waits for permits of a semaphore. */
    SEMAPHORE,
    /** It waits for another thread to exchange with. */
    EXCHANGER,
    /** It waits for the result of a future or of a fork-join task. */
    FUTURE,
    /** It waits for a condition of a lock. */
    CONDITION,
    /** It waits in {@code Object.wait}. */
    OBJECT,
    /** It waits for another thread to end. */
    JOIN,
    /** It waits for a process to end. */
    PROCESS,
    /** It waits for an executor to terminate. */
    TERMINATION,
    /** It waits for a synchronizer that is not the JDK's. */
    SYNCHRONIZER,
    /** It is parked by somebody who is not the JDK. */
    PARKED,
    /** It waits, and the stack does not tell for what. */
    UNKNOWN
  }

  private static final Set<String> QUEUES =
      Set.of(
          PACKAGE + "ArrayBlockingQueue",
          PACKAGE + "LinkedBlockingQueue",
          PACKAGE + "LinkedBlockingDeque",
          PACKAGE + "PriorityBlockingQueue",
          PACKAGE + "DelayQueue",
          PACKAGE + "SynchronousQueue",
          PACKAGE + "LinkedTransferQueue");

  /** A method that waits: how its name begins, and what for. The first that fits counts. */
  private record Rule(String method, Kind kind) {}

  private static final List<Rule> TERMINATES =
      List.of(new Rule("awaitTermination", Kind.TERMINATION), new Rule("close", Kind.TERMINATION));

  private static final List<Rule> LOCKS =
      List.of(
          new Rule("lock", Kind.LOCK),
          new Rule("tryLock", Kind.LOCK),
          new Rule("readLock", Kind.LOCK),
          new Rule("writeLock", Kind.LOCK),
          new Rule("tryReadLock", Kind.LOCK),
          new Rule("tryWriteLock", Kind.LOCK));

  private static final List<Rule> RESULTS =
      List.of(
          new Rule("get", Kind.FUTURE),
          new Rule("join", Kind.FUTURE),
          new Rule("quietlyGet", Kind.FUTURE),
          new Rule("quietlyJoin", Kind.FUTURE),
          new Rule("quietlyInvoke", Kind.FUTURE),
          new Rule("invoke", Kind.FUTURE),
          new Rule("awaitDone", Kind.FUTURE));

  private static final List<Rule> PROCESSES = List.of(new Rule("waitFor", Kind.PROCESS));

  private static final List<Rule> WAITS_FOR_SIGNAL = List.of(new Rule("await", Kind.CONDITION));

  private static final List<Rule> ACQUIRES =
      List.of(new Rule("acquire", Kind.SYNCHRONIZER), new Rule("tryAcquire", Kind.SYNCHRONIZER));

  private static final Map<String, List<Rule>> RULES =
      Map.ofEntries(
          Map.entry(
              PACKAGE + "ThreadPoolExecutor",
              List.of(
                  new Rule("getTask", Kind.IDLE_WORKER),
                  new Rule("awaitTermination", Kind.TERMINATION))),
          Map.entry(
              PACKAGE + "ForkJoinPool",
              List.of(
                  new Rule("awaitWork", Kind.IDLE_WORKER),
                  new Rule("awaitTermination", Kind.TERMINATION),
                  new Rule("awaitQuiescence", Kind.TERMINATION),
                  new Rule("close", Kind.TERMINATION))),
          Map.entry(PACKAGE + "ThreadPerTaskExecutor", TERMINATES),
          Map.entry(PACKAGE + "ExecutorService", TERMINATES),
          Map.entry(PACKAGE + "Executors$DelegatedExecutorService", TERMINATES),
          Map.entry(
              PACKAGE + "AbstractExecutorService",
              List.of(new Rule("invokeAll", Kind.FUTURE), new Rule("invokeAny", Kind.FUTURE))),
          Map.entry(PACKAGE + "CountDownLatch", List.of(new Rule("await", Kind.LATCH))),
          Map.entry(PACKAGE + "CyclicBarrier", List.of(new Rule("await", Kind.BARRIER))),
          Map.entry(
              PACKAGE + "Phaser",
              List.of(
                  new Rule("arriveAndAwaitAdvance", Kind.PHASER),
                  new Rule("awaitAdvance", Kind.PHASER),
                  new Rule("register", Kind.PHASER),
                  new Rule("bulkRegister", Kind.PHASER))),
          Map.entry(
              PACKAGE + "SubmissionPublisher",
              List.of(new Rule("submit", Kind.SUBSCRIBER), new Rule("offer", Kind.SUBSCRIBER))),
          Map.entry(
              PACKAGE + "Semaphore",
              List.of(new Rule("acquire", Kind.SEMAPHORE), new Rule("tryAcquire", Kind.SEMAPHORE))),
          Map.entry(PACKAGE + "Exchanger", List.of(new Rule("exchange", Kind.EXCHANGER))),
          Map.entry(
              PACKAGE + "FutureTask",
              List.of(new Rule("get", Kind.FUTURE), new Rule("awaitDone", Kind.FUTURE))),
          Map.entry(
              PACKAGE + "CompletableFuture",
              List.of(new Rule("get", Kind.FUTURE), new Rule("join", Kind.FUTURE))),
          Map.entry(FORK_JOIN_TASK, RESULTS),
          Map.entry(PACKAGE + "locks.ReentrantLock", LOCKS),
          Map.entry(PACKAGE + "locks.ReentrantReadWriteLock$ReadLock", LOCKS),
          Map.entry(PACKAGE + "locks.ReentrantReadWriteLock$WriteLock", LOCKS),
          Map.entry(PACKAGE + "locks.StampedLock", LOCKS),
          Map.entry(PACKAGE + "locks.AbstractQueuedSynchronizer$ConditionObject", WAITS_FOR_SIGNAL),
          Map.entry(
              PACKAGE + "locks.AbstractQueuedLongSynchronizer$ConditionObject", WAITS_FOR_SIGNAL),
          Map.entry(PACKAGE + "locks.AbstractQueuedSynchronizer", ACQUIRES),
          Map.entry(PACKAGE + "locks.AbstractQueuedLongSynchronizer", ACQUIRES),
          Map.entry(PACKAGE + "locks.LockSupport", List.of(new Rule("park", Kind.PARKED))),
          Map.entry(
              "java.lang.Thread",
              List.of(new Rule("join", Kind.JOIN), new Rule("sleep", Kind.SLEEP))),
          Map.entry("java.lang.VirtualThread", List.of(new Rule("sleepNanos", Kind.SLEEP))),
          Map.entry("java.lang.Process", PROCESSES),
          Map.entry("java.lang.ProcessImpl", PROCESSES),
          Map.entry("java.util.TimerThread", List.of(new Rule("mainLoop", Kind.IDLE_WORKER))),
          Map.entry("java.lang.ref.ReferenceQueue", List.of(new Rule("remove", Kind.UNKNOWN))),
          Map.entry("java.lang.Object", List.of(new Rule("wait", Kind.OBJECT))));

  /** Whose calls are input or output, if they lead to a wait in a class of {@link #IO_WAITS}. */
  private static final List<String> IO =
      List.of("java.io.", "java.net.", "java.nio.", "javax.net.", "sun.net.", "sun.nio.");

  private static final List<String> IO_WAITS =
      List.of("java.io.Piped", "jdk.internal.net.http.HttpClient", "sun.nio.ch.", "sun.nio.fs.");

  /** These look again after a while, without an end. */
  private static final List<String> POLLING = List.of("java.io.Piped");

  /** In these only a take waits for an element or for room; the rest waits for the queue's lock. */
  private static final Set<String> UNBOUNDED =
      Set.of(PACKAGE + "PriorityBlockingQueue", PACKAGE + "DelayQueue");

  /**
   * Reads it off a thread's stack. Only the JDK's frames at its inner end count, and of these the
   * outermost that is known: {@code Thread.join} waits in a latch, a barrier for a condition.
   *
   * @param thread the thread
   * @return what it does
   */
  public static Wait of(ThreadRecord thread) {
    List<StackTraceElement> jdk = thread.stack().stream().takeWhile(Stacks::isJdk).toList();
    return switch (thread.state()) {
      case NEW -> new Wait(Kind.UNSTARTED);
      case TERMINATED -> new Wait(Kind.ENDED);
      case BLOCKED -> new Wait(Kind.MONITOR);
      case RUNNABLE -> running(thread.stack(), jdk);
      case WAITING, TIMED_WAITING -> waiting(jdk, thread.state() == Thread.State.TIMED_WAITING);
    };
  }

  private Wait(Kind kind) {
    this(kind, "", "", false);
  }

  private static Wait running(List<StackTraceElement> stack, List<StackTraceElement> jdk) {
    if (stack.isEmpty()) {
      return new Wait(Kind.RUNNING);
    }
    StackTraceElement top = stack.get(0);
    if (!jdk.isEmpty() && top.getMethodName().startsWith("waitForProcessExit")) {
      return new Wait(Kind.PROCESS);
    }
    if (WorkerStacks.isInIo(stack) || (top.isNativeMethod() && isIn(IO, top))) {
      return io(jdk, false);
    }
    return top.isNativeMethod() && jdk.isEmpty()
        ? new Wait(Kind.NATIVE, top.getClassName(), top.getMethodName(), false)
        : new Wait(Kind.RUNNING);
  }

  private static Wait waiting(List<StackTraceElement> jdk, boolean timed) {
    for (int i = jdk.size() - 1; i >= 0; i--) {
      StackTraceElement frame = jdk.get(i);
      // Who waits for its turn to read waits for a lock.
      if (isIn(IO_WAITS, frame)
          && jdk.subList(0, i).stream().noneMatch(inner -> kind(inner) == Kind.LOCK)) {
        return io(jdk, timed && !isIn(POLLING, frame));
      }
      Kind kind = kind(frame);
      if (kind != null) {
        return new Wait(kind, frame.getClassName(), frame.getMethodName(), timed);
      }
    }
    return new Wait(Kind.UNKNOWN, "", "", timed);
  }

  private static Wait io(List<StackTraceElement> jdk, boolean timed) {
    for (int i = jdk.size() - 1; i >= 0; i--) {
      StackTraceElement frame = jdk.get(i);
      if (isIn(IO, frame) || isIn(IO_WAITS, frame)) {
        return new Wait(Kind.IO, frame.getClassName(), frame.getMethodName(), timed);
      }
    }
    return new Wait(Kind.IO, "", "", timed);
  }

  private static boolean isIn(List<String> prefixes, StackTraceElement frame) {
    return prefixes.stream().anyMatch(frame.getClassName()::startsWith);
  }

  private static @Nullable Kind kind(StackTraceElement frame) {
    String type = frame.getClassName();
    if (QUEUES.contains(type)) {
      return Kind.QUEUE;
    }
    for (Rule rule : RULES.getOrDefault(type, List.of())) {
      if (frame.getMethodName().startsWith(rule.method)) {
        return rule.kind;
      }
    }
    return null;
  }

  /**
   * The method that was called, as a person would write it.
   *
   * @return such as {@code CountDownLatch.await()}, or empty if it is not known
   */
  public String operation() {
    if (type.isEmpty()) {
      return "";
    }
    String simple =
        kind == Kind.CONDITION ? "Condition" : type.substring(type.lastIndexOf('.') + 1);
    return simple.replace('$', '.') + "." + method + "()";
  }

  /**
   * Whether it waits in a queue for an element, and not for room or for a taker.
   *
   * @return true if it does
   */
  public boolean taking() {
    return kind == Kind.QUEUE && (method.startsWith("take") || method.startsWith("poll"));
  }

  /**
   * Whether the wait goes on until some other thread ends it.
   *
   * @return true if it has no time limit, and waits neither for the world outside nor for a task
   */
  public boolean untilWoken() {
    return !timed
        && switch (kind) {
          case UNSTARTED, ENDED, RUNNING, NATIVE, SLEEP, IO, IDLE_WORKER, PROCESS -> false;
          default -> true;
        };
  }

  /**
   * Whether an interrupt ends the wait.
   *
   * @return false if it is known not to
   */
  public boolean interruptible() {
    return switch (kind) {
      case MONITOR, NATIVE -> false;
      case LOCK -> timed || method.endsWith("Interruptibly");
      case PHASER -> method.endsWith("Interruptibly");
      case FUTURE ->
          timed
              || (type.equals(FORK_JOIN_TASK)
                  ? method.startsWith("get") || method.startsWith("quietlyJoinPoolInvoke")
                  : !method.endsWith("oin"));
      case SUBSCRIBER -> timed;
      case TERMINATION -> !method.equals("awaitQuiescence");
      case QUEUE ->
          timed
              || method.startsWith("take")
              || method.startsWith("transfer")
              || (method.startsWith("put") && !UNBOUNDED.contains(type));
      case SEMAPHORE, CONDITION -> !method.endsWith("Uninterruptibly");
      case SYNCHRONIZER -> timed || method.contains("Interruptibly");
      default -> true;
    };
  }
}
