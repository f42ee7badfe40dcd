package dev.leakcheck.classify;

import dev.leakcheck.model.ExecutorRecord;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.WorkerStacks;
import java.util.Optional;

/** A pool that was shut down, for which threads of a cause work on. */
final class StoppedPool {

  /** What ends it, where it waits for what was scheduled. */
  static final String END_SCHEDULED =
      "call shutdownNow(), or cancel what was scheduled with a delay before shutdown()";

  private final Classifier.Cause cause;
  private final ExecutorRecord executor;

  private StoppedPool(Classifier.Cause cause, ExecutorRecord executor) {
    this.cause = cause;
    this.executor = executor;
  }

  /** That of threads which are told without their executor, if they have one. */
  static Optional<StoppedPool> of(Classifier.Cause cause, Evidence evidence) {
    return evidence.executors().stream()
        .filter(it -> cause.threads.stream().anyMatch(thread -> it.id().equals(thread.executor())))
        .findFirst()
        .map(it -> new StoppedPool(cause, it));
  }

  /** The task does not listen, or is yet to come. */
  Fact fact() {
    return Fact.of(
        "executor",
        CauseWriter.name(executor)
            + " was shut down"
            + (awaitsScheduled()
                ? ", and waits for what was scheduled with a delay" + queued()
                : ", but this task goes on: it needs shutdownNow(), or does not end on an interrupt"));
  }

  boolean awaitsScheduled() {
    return cause.threads.stream()
        .allMatch(thread -> WorkerStacks.isIdleScheduledPoolWorker(thread.stack()));
  }

  private String queued() {
    ExecutorRecord.State state = executor.state();
    return state == null || state.queued() < 0
        ? ""
        : " (" + CauseWriter.count((int) state.queued(), "task") + ")";
  }
}
