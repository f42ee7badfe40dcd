package dev.leakcheck.capture.record;

/** What the agent records, each by a hook of its own. */
public enum Part {
  /** Platform threads, as they are started. */
  THREADS,
  /** Virtual threads, as they are started. */
  VIRTUAL_THREADS,
  /** Executors, as they are made, as they are given tasks and as they are told to stop. */
  EXECUTORS,
  /** Blocking queues, as they are made. */
  QUEUES,
  /** Locks, as they are made. */
  LOCKS,
  /** Future tasks, as they are made, as they fail and as somebody asks them. */
  FAILED_TASKS,
  /**
   * What {@code CompletableFuture} runs, and what {@code ForkJoinPool.submit} was given, as it is
   * made, as it fails and as somebody asks it.
   */
  ASYNC_STAGES,
  /** Processes, as they are started. */
  PROCESSES,
  /** Shutdown hooks, as they are registered. */
  SHUTDOWN_HOOKS
}
