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
  /** A process was started. */
  PROCESS_STARTED(6, "processStarted", false),
  /** A shutdown hook was registered. */
  SHUTDOWN_HOOK_ADDED(7, "shutdownHookAdded", false);

  /** How many there are. */
  static final int COUNT = 8;

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
