package dev.leakcheck.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A method of the hook class, and the field that holds what it calls. */
enum Hook {
  /** A platform thread is about to be started; with its container or null. */
  THREAD_STARTS(0, "threadStarts", Hook.THREAD, Hook.OBJECT),
  /** A virtual thread is about to be started; with its container. */
  VIRTUAL_THREAD_STARTS(1, "virtualThreadStarts", Hook.THREAD, Hook.OBJECT),
  /** The constructor of one of the JDK's executors is about to return. */
  EXECUTOR_MADE(2, "executorMade", Hook.OBJECT),
  /** An executor is told to stop. */
  EXECUTOR_STOPS(3, "executorStops", Hook.OBJECT),
  /** A queue's constructor is about to return; only blocking ones are handed on. */
  QUEUE_MADE(4, "queueMade", Hook.OBJECT),
  /** An executor's construction has begun: of one of the JDK's it may still be refused. */
  EXECUTOR_BEGUN(5, "executorBegun", Hook.OBJECT),
  /** A lock's constructor is about to return. */
  LOCK_MADE(6, "lockMade", Hook.OBJECT),
  /** A future task's constructor is about to return. */
  TASK_MADE(7, "taskMade", Hook.OBJECT),
  /** A future task is about to be given an exception. */
  TASK_FAILS(8, "taskFails", Hook.OBJECT),
  /** A future task was given its exception, unless it was cancelled first. */
  TASK_FAILED(9, "taskFailed", Hook.OBJECT),
  /** Somebody is about to be told how a future task ended. */
  TASK_ASKED(10, "taskAsked", Hook.OBJECT),
  /** Somebody was told, or has cancelled it and does not want to know. */
  TASK_LOOKED_AT(11, "taskLookedAt", Hook.OBJECT),
  /** A process was started. */
  PROCESS_STARTED(12, "processStarted", Hook.OBJECT),
  /** A shutdown hook was registered. */
  SHUTDOWN_HOOK_ADDED(13, "shutdownHookAdded", Hook.OBJECT),
  /** A timer's thread is told to end, by {@code cancel()} or as the timer was collected. */
  TIMER_ENDS(14, "timerEnds", Hook.OBJECT),
  /** A stage, or a task of a fork-join pool, was made that something is about to be run for. */
  STAGE_MADE(15, "stageMade", Hook.OBJECT),
  /** What was run for it threw, and it is about to be given the exception. */
  STAGE_FAILS(16, "stageFails", Hook.OBJECT),
  /** It was given its exception, unless it was done first. */
  STAGE_FAILED(17, "stageFailed", Hook.OBJECT),
  /** Somebody is about to be told how it ended, or will be; or how several did. */
  STAGE_ASKED(18, "stageAsked", Hook.OBJECT),
  /** Somebody had something run for a stage that others may know. */
  STAGE_GIVEN(19, "stageGiven", Hook.OBJECT),
  /** A stage was made that goes on with what another one comes to: the other, and it. */
  STAGE_DERIVED(20, "stageDerived", Hook.OBJECT, Hook.OBJECT),
  /** A pool or a timer is given a task: the pool or the timer, and the task. */
  TASK_GIVEN(21, "taskGiven", Hook.OBJECT, Hook.OBJECT),
  /** A pool's worker, or a timer's thread, is about to run a task. */
  TASK_BEGINS(22, "taskBegins", Hook.OBJECT),
  /** A timer's thread has run a task. */
  TASK_ENDS(23, "taskEnds", Hook.OBJECT);

  private static final String THREAD = "java/lang/Thread";
  private static final String OBJECT = "java/lang/Object";

  /** How many there are. */
  static final int COUNT = 24;

  /** Index of what it calls, where the hooks are switched. */
  final int slot;

  /** Of the method and of the field. */
  final String label;

  /** Internal names of the types of what it is given. */
  private final String first;

  private final @Nullable String second;

  Hook(int slot, String label, String first) {
    this(slot, label, first, null);
  }

  Hook(int slot, String label, String first, @Nullable String second) {
    this.slot = slot;
    this.label = label;
    this.first = first;
    this.second = second;
  }

  /** Internal names of the types of what it is given: one or two. */
  List<String> given() {
    return second == null ? List.of(first) : List.of(first, second);
  }

  /** Whether it is given a thread and its container. */
  boolean ofThread() {
    return first.equals(THREAD);
  }

  /** Whether what it calls is a {@code BiConsumer}. */
  boolean ofTwo() {
    return second != null;
  }

  String descriptor() {
    return "(L" + String.join(";L", given()) + ";)V";
  }

  /** Descriptor of the field. */
  String fieldType() {
    return "L" + sinkType() + ";";
  }

  /** Internal name of the type of what it calls. */
  String sinkType() {
    return ofTwo() ? "java/util/function/BiConsumer" : "java/util/function/Consumer";
  }
}
