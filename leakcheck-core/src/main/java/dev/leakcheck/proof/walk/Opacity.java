package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.HeapFrame;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether frames of a thread may hold what the dump does not show: objects that the optimising
 * compiler took apart, and what was handed to native code. Of the JDK's own ways to take, to sleep
 * and to wait it is known that they hide nothing; those that put something are not among them.
 */
final class Opacity {

  private static final String CONCURRENT = "java.util.concurrent.";
  private static final Set<String> TAKING = Set.of("take", "poll", "takeFirst", "pollFirst");

  private static final Map<String, Set<String>> QUIET =
      Map.ofEntries(
          Map.entry("java.lang.Object", Set.of("wait", "wait0")),
          Map.entry(
              "java.lang.Thread",
              Set.of("sleep", "sleep0", "sleepNanos", "sleepNanos0", "run", "runWith", "join")),
          Map.entry("jdk.internal.misc.Unsafe", Set.of("park")),
          Map.entry(CONCURRENT + "locks.LockSupport", Set.of("park", "parkNanos", "parkUntil")),
          Map.entry(
              CONCURRENT + "locks.AbstractQueuedSynchronizer$ConditionObject",
              Set.of("await", "awaitNanos", "awaitUntil", "awaitUninterruptibly")),
          Map.entry(CONCURRENT + "LinkedBlockingQueue", TAKING),
          Map.entry(CONCURRENT + "LinkedBlockingDeque", TAKING),
          Map.entry(CONCURRENT + "ArrayBlockingQueue", TAKING),
          Map.entry(CONCURRENT + "PriorityBlockingQueue", TAKING),
          Map.entry(CONCURRENT + "DelayQueue", TAKING),
          Map.entry(CONCURRENT + "ScheduledThreadPoolExecutor$DelayedWorkQueue", TAKING),
          Map.entry(CONCURRENT + "ThreadPoolExecutor", Set.of("getTask", "runWorker")),
          Map.entry(CONCURRENT + "ThreadPoolExecutor$Worker", Set.of("run")),
          Map.entry(CONCURRENT + "ForkJoinPool", Set.of("awaitWork", "deactivate", "runWorker")),
          Map.entry(CONCURRENT + "ForkJoinWorkerThread", Set.of("run")),
          Map.entry("java.util.TimerThread", Set.of("mainLoop", "run")),
          Map.entry("java.lang.ref.ReferenceQueue", Set.of("remove", "remove0", "await")),
          Map.entry(
              "java.lang.ref.Reference",
              Set.of("waitForReferencePendingList", "processPendingReferences")),
          Map.entry("java.lang.ref.Reference$ReferenceHandler", Set.of("run")),
          Map.entry("java.lang.ref.Finalizer$FinalizerThread", Set.of("run")),
          Map.entry("jdk.internal.ref.CleanerImpl", Set.of("run")),
          Map.entry("jdk.internal.misc.InnocuousThread", Set.of("run")));

  private Opacity() {}

  /**
   * The frame that may hide something.
   *
   * @param stack the innermost frame first
   * @param compiled what had been compiled, or null if that is not known
   * @return the frame, or null if all is to be seen
   */
  static @Nullable HeapFrame of(List<HeapFrame> stack, @Nullable Compiled compiled) {
    boolean quiet = true;
    for (HeapFrame frame : stack) {
      quiet &= QUIET.getOrDefault(frame.type(), Set.of()).contains(frame.method());
      boolean hides =
          frame.isNative()
              ? Frames.isForeign(frame)
              : compiled == null || compiled.isOptimised(frame.type(), frame.method());
      if (!quiet && hides) {
        return frame;
      }
    }
    return null;
  }
}
