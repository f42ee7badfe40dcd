package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the call that would end a cause was made already, and has not returned. */
final class OwnersCall {

  private final @Nullable String type;
  private final @Nullable String stop;
  private final @Nullable ThreadRecord inIt;

  OwnersCall(Classifier.Cause cause, Evidence evidence) {
    if (cause.maker != null && cause.maker.stop() != null) {
      this.type = cause.maker.type();
      this.stop = cause.maker.stop();
    } else {
      this.type = cause.holder == null ? null : cause.holder.closeableType();
      this.stop = "close";
    }
    this.inIt = type == null ? null : evidence.code().stopping().get(type + "." + stop);
  }

  /** Whether a thread is in it. */
  boolean isMade() {
    return inIt != null;
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

  /** What to do about it; null if it was not made. */
  @Nullable String fix() {
    return inIt == null
        ? null
        : words() + " was called and has not returned: see that what it waits for comes, or ends";
  }
}
