package dev.leakcheck.classify;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;

/** Chooses who writes the finding of a cause. */
final class Writers {

  private Writers() {}

  static Finding write(Classifier.Cause cause, Evidence evidence) {
    if (!cause.executors.isEmpty()) {
      return new ExecutorWriter(cause, evidence).executors();
    }
    if (cause.threads.isEmpty()) {
      return cause.isJoined() && cause.maker != null
          ? new SymptomWriter(cause, evidence).owned(cause.maker)
          : cause.symptoms.get(0).explain(evidence);
    }
    return threads(new ThreadWriter(cause, evidence));
  }

  private static Finding threads(ThreadWriter writer) {
    Classifier.Cause cause = writer.cause;
    ThreadRecord first = cause.threads.get(0);
    Maker owner = writer.owner();
    if (owner != null) {
      return writer.owned(owner);
    }
    if (cause.library != null) {
      return writer.library(cause.library);
    }
    if (first.type().equals(CauseWriter.TIMER) && cause.threads.size() == 1) {
      return writer.timer(first);
    }
    if (cause.holder != null && cause.holder.owner() != null) {
      return new ExecutorWriter(cause, writer.evidence).held(cause.holder.owner());
    }
    if (ThreadWriter.isAsync(first)) {
      return writer.async();
    }
    Wait wait = Wait.of(first);
    return wait.kind() == Wait.Kind.QUEUE
        ? new QueueWriter(cause, writer.evidence).stuck(first, wait)
        : writer.stray(first);
  }
}
