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
                ? goesOn()
                    ? ", and goes on with its periodic tasks" + tasks(periodic())
                    : ", and waits for what was scheduled with a delay" + queued()
                : ", but this task goes on: it needs shutdownNow(), or does not end on an interrupt"));
  }

  boolean awaitsScheduled() {
    return cause.threads.stream()
        .allMatch(thread -> WorkerStacks.isIdleScheduledPoolWorker(thread.stack()));
  }

  /** What is periodic in it comes again and again, as its policy has it. */
  boolean goesOn() {
    return awaitsScheduled() && periodic() > 0;
  }

  /** Why no wait is long enough. */
  static String whyGoesOn() {
    return "it was still alive when the wait was over; its pool runs periodic tasks again and again"
        + " after shutdown(), so that no settle time lets it end";
  }

  /** What ends the scheduled tasks, and why shutdown() did not. */
  String end() {
    return goesOn()
        ? "call shutdownNow(), or cancel the periodic tasks: getContinueExistingPeriodicTasksAfter"
            + "ShutdownPolicy() is true, so that shutdown() lets them run on"
        : END_SCHEDULED + ": shutdown() alone lets that come to its run";
  }

  private long periodic() {
    ExecutorRecord.State state = executor.state();
    return state == null ? 0 : state.periodic();
  }

  private String queued() {
    ExecutorRecord.State state = executor.state();
    return state == null || state.queued() < 0 ? "" : tasks(state.queued());
  }

  private static String tasks(long number) {
    return " (" + CauseWriter.count((int) number, "task") + ")";
  }
}
