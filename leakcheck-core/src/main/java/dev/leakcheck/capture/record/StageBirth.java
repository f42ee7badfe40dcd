package dev.leakcheck.capture.record;

import org.jspecify.annotations.Nullable;

/** A {@code CompletableFuture} that was made to run something. */
public final class StageBirth extends Birth {

  StageBirth(Object stage, long number, @Nullable Trace trace) {
    super(stage, number, trace);
  }

  /** Not whether it is done, which its class may override. */
  @Override
  boolean isOver() {
    return refersTo(null);
  }

  /** What fails after its scope is no other scope's. */
  @Override
  boolean outlasts() {
    return false;
  }
}
