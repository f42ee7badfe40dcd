package dev.leakcheck.classify;

import dev.leakcheck.model.Fact;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Optional;

/** A virtual thread may stand still for a fault of the JDK's: then nobody's code is to blame. */
final class LostUnpark {

  private static final String VIRTUAL_THREAD = "java.lang.VirtualThread";

  private LostUnpark() {}

  /** What is said of threads that may have been woken in vain. */
  static Optional<Fact> of(List<ThreadRecord> threads, Evidence.Means means) {
    return means.losesUnparks() && threads.stream().anyMatch(LostUnpark::isParked)
        ? Optional.of(
            Fact.of(
                "jdk",
                "this JDK may lose what wakes a parked virtual thread (JDK-8369227, mended in 25.0.3"
                    + " and 26.0.1): see whether it stands here on a newer one too"))
        : Optional.empty();
  }

  private static boolean isParked(ThreadRecord thread) {
    return thread.virtual()
        && thread.state() == Thread.State.WAITING
        && thread.stack().stream()
            .anyMatch(
                frame ->
                    frame.getClassName().equals(VIRTUAL_THREAD)
                        && frame.getMethodName().equals("park"));
  }
}
