package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether what would end a cause was done already, and did not. */
final class OwnersCall {

  private final @Nullable String type;
  private final @Nullable String stop;
  private final @Nullable ThreadRecord inIt;
  private final @Nullable ThreadRecord goesOn;

  OwnersCall(Classifier.Cause cause, Evidence evidence) {
    if (cause.maker != null && cause.maker.stop() != null) {
      this.type = cause.maker.type();
      this.stop = cause.maker.stop();
    } else {
      Holder.Owner owner = cause.holder == null ? null : cause.holder.owner();
      this.type = owner == null ? null : owner.type();
      this.stop = owner == null ? null : owner.stop();
    }
    this.inIt = type == null ? null : evidence.code().stopping().get(type + "." + stop);
    this.goesOn = cause.executors.isEmpty() ? ofStoppedExecutor(cause, evidence) : null;
  }

  /** Of executors that are open the threads are not told alone. */
  private static @Nullable ThreadRecord ofStoppedExecutor(
      Classifier.Cause cause, Evidence evidence) {
    return cause.threads.stream()
        .filter(
            thread ->
                evidence.executors().stream()
                    .anyMatch(executor -> executor.id().equals(thread.executor())))
        .findFirst()
        .orElse(null);
  }

  /** Whether a thread is in the call, or goes on though its executor was shut down. */
  boolean isMade() {
    return inIt != null || goesOn != null;
  }

  private String words() {
    return CauseWriter.simple(String.valueOf(type)) + "." + stop + "()";
  }

  /** Says which thread is in it, and where. */
  void addTo(List<Fact> facts) {
    if (inIt != null) {
      Optional<StackTraceElement> where = Stacks.firstOwnFrame(inIt.stack());
      facts.add(
          0,
          Fact.of(
              "called",
              words()
                  + ", and "
                  + CauseWriter.named(inIt)
                  + " is still in it, "
                  + Activity.brief(inIt)
                  + where.map(frame -> " at " + Stacks.place(frame)).orElse("")));
    }
  }

  /** What to do about it; null if it was not done. */
  @Nullable String fix() {
    if (inIt != null) {
      return words()
          + " was called and has not returned: see that what it waits for comes, or ends";
    }
    if (goesOn == null) {
      return null;
    }
    return "it was told to stop already: "
        + (WorkerStacks.isIdleScheduledPoolWorker(goesOn.stack())
            ? StoppedPool.END_SCHEDULED
            : "have " + CauseWriter.named(goesOn) + " end, which its executor's end waits for");
  }
}
