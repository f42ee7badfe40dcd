package dev.leakcheck.agent;

/** A method of the hook class, and the field that holds what it calls. */
enum Hook {
  /** A platform thread is about to be started; with its container or null. */
  THREAD_STARTS(0, "threadStarts", true),
  /** A virtual thread is about to be started; with its container. */
  VIRTUAL_THREAD_STARTS(1, "virtualThreadStarts", true),
  /** The constructor of one of the JDK's executors is about to return. */
  EXECUTOR_MADE(2, "executorMade", false),
  /** An executor is told to stop. */
  EXECUTOR_STOPS(3, "executorStops", false),
  /** A queue's constructor is about to return; only blocking ones are handed on. */
  QUEUE_MADE(4, "queueMade", false),
  /** An executor's construction has begun: of one of the JDK's it may still be refused. */
  EXECUTOR_BEGUN(5, "executorBegun", false),
  /** A lock's constructor is about to return. */
  LOCK_MADE(6, "lockMade", false),
  /** A future task's constructor is about to return. */
  TASK_MADE(7, "taskMade", false),
  /** A future task is about to be given an exception. */
  TASK_FAILS(8, "taskFails", false),
  /** A future task was given its exception, unless it was cancelled first. */
  TASK_FAILED(9, "taskFailed", false),
  /** Somebody is about to be told how a future task ended. */
  TASK_ASKED(10, "taskAsked", false),
  /** Somebody was told, or has cancelled it and does not want to know. */
  TASK_LOOKED_AT(11, "taskLookedAt", false),
  /** A process was started. */
  PROCESS_STARTED(12, "processStarted", false),
  /** A shutdown hook was registered. */
  SHUTDOWN_HOOK_ADDED(13, "shutdownHookAdded", false),
  /** A timer's thread is told to end, by {@code cancel()} or as the timer was collected. */
  TIMER_ENDS(14, "timerEnds", false),
  /** A stage, or a task of a fork-join pool, was made that something is about to be run for. */
  STAGE_MADE(15, "stageMade", false),
  /** What was run for it threw, and it is about to be given the exception. */
  STAGE_FAILS(16, "stageFails", false),
  /** It was given its exception, unless it was done first. */
  STAGE_FAILED(17, "stageFailed", false),
  /** Somebody is about to be told how it ended, or will be; or how several did. */
  STAGE_ASKED(18, "stageAsked", false),
  /** Somebody had something run for a stage that others may know. */
  STAGE_GIVEN(19, "stageGiven", false);

  /** How many there are. */
  static final int COUNT = 20;

  /** Index of what it calls, where the hooks are switched. */
  final int slot;

  /** Of the method and of the field. */
  final String label;

  /** Whether it is a {@code BiConsumer} of a thread and its container. */
  final boolean ofThread;

  Hook(int slot, String label, boolean ofThread) {
    this.slot = slot;
    this.label = label;
    this.ofThread = ofThread;
  }

  String descriptor() {
    return ofThread ? "(Ljava/lang/Thread;Ljava/lang/Object;)V" : "(Ljava/lang/Object;)V";
  }

  /** Descriptor of the field. */
  String fieldType() {
    return ofThread ? "Ljava/util/function/BiConsumer;" : "Ljava/util/function/Consumer;";
  }

  /** Internal name of the type of what it calls. */
  String sinkType() {
    return ofThread ? "java/util/function/BiConsumer" : "java/util/function/Consumer";
  }
}
