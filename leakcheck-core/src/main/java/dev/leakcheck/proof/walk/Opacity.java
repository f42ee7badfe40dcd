package dev.leakcheck.proof.walk;

import dev.leakcheck.proof.hprof.HeapFrame;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether frames of a thread may hold what the dump does not show: objects that the optimising
 * compiler took apart, what was handed to native code, what is in a register of a thread that is at
 * work, and what the JVM itself keeps for a call that it has not made yet, or for an object that it
 * has not handed out. Of the JDK's own ways to take, to sleep and to wait it is known that they
 * hide nothing; those that put something are not among them.
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

  /** What takes nothing and gives nothing, however often it looks. */
  private static final Set<String> IDLING = Set.of("awaitWork", "deactivate");

  /** They are given nothing but a class or its name, and its loader. */
  private static final Set<String> OF_CLASSES = Set.of("forName0", "ensureClassInitialized0");

  /** What a thread was at when it was dumped. */
  enum Moment {
    /** Its innermost frame was left by a call, or stands where the dump shows all of it. */
    CALLS,
    /** At work, as far as is known. */
    WORKS,
    /** In its innermost frame, in which it slept from before the dump until after. */
    SLEPT
  }

  /**
   * A frame that may hide something.
   *
   * @param frame the frame
   * @param how what hides it, to be read after the frame's name
   */
  record Hiding(HeapFrame frame, String how) {}

  private Opacity() {}

  /**
   * The frame that may hide something.
   *
   * @param stack the innermost frame first
   * @param compiled what had been compiled, or null if that is not known
   * @param moment what the thread was at
   * @return what hides something, or null if all is to be seen
   */
  static @Nullable Hiding of(List<HeapFrame> stack, @Nullable Compiled compiled, Moment moment) {
    if (moment != Moment.CALLS && !stack.isEmpty() && isAtWork(stack, moment)) {
      return new Hiding(stack.get(0), "at work, and not all that it holds is in the dump");
    }
    boolean quiet = true;
    for (int i = 0; i < stack.size(); i++) {
      HeapFrame frame = stack.get(i);
      quiet &= QUIET.getOrDefault(frame.type(), Set.of()).contains(frame.method());
      String how = quiet ? null : hidden(frame, compiled);
      if (how == null && i > 0) {
        how = kept(frame, stack.get(i - 1));
      }
      if (how != null) {
        return new Hiding(frame, how);
      }
    }
    return null;
  }

  private static boolean isAtWork(List<HeapFrame> stack, Moment moment) {
    HeapFrame frame = stack.get(0);
    if (frame.isNative() && NativeWaits.hideNothing(frame, moment == Moment.SLEPT)) {
      return false;
    }
    boolean inJdk = frame.isNative() && stack.size() > 1 && Cuts.isJdk(frame.type());
    return !isIdling(inJdk ? stack.get(1) : frame);
  }

  private static boolean isIdling(HeapFrame frame) {
    return frame.type().equals(CONCURRENT + "ForkJoinPool") && IDLING.contains(frame.method());
  }

  private static @Nullable String hidden(HeapFrame frame, @Nullable Compiled compiled) {
    if (frame.isNative()) {
      return Frames.isForeign(frame)
          ? "native code, and what was handed to that is not in the dump"
          : null;
    }
    if (compiled == null) {
      return "and it is not known whether that was compiled, so what it holds may not be in the"
          + " dump";
    }
    return compiled.isOptimised(frame.type(), frame.method())
        ? "compiled code, and not all that it holds is in the dump"
        : null;
  }

  /** What the JVM keeps for a frame while it runs another one for itself. */
  private static @Nullable String kept(HeapFrame frame, HeapFrame callee) {
    if (frame.isNative() && frame.method().equals("newInstance0")) {
      return "and the object that is being made is not in the dump";
    }
    // What other native code was given, it holds where the dump shows it. Reflection's has yet to
    // hand it over, and others' is the JVM's until they begin.
    return isCalledByJvm(callee) && !(frame.isNative() && OF_CLASSES.contains(frame.method()))
        ? "and what it is about to hand over, once "
            + callee.type()
            + "."
            + callee.method()
            + " has ended, is not in the dump"
        : null;
  }

  /** Whether the JVM may call it in the midst of another method: to load, initialise or link. */
  private static boolean isCalledByJvm(HeapFrame callee) {
    return callee.method().equals("<clinit>") || isCalledToLoad(callee) || isCalledToLink(callee);
  }

  /** Whether the JVM may call it to load a class. */
  static boolean isCalledToLoad(HeapFrame callee) {
    return switch (callee.method()) {
      case "loadClass", "checkPackageAccess" -> true;
      case "transform" -> callee.type().equals("sun.instrument.InstrumentationImpl");
      default -> callee.type().equals("jdk.jfr.internal.JVMUpcalls");
    };
  }

  private static boolean isCalledToLink(HeapFrame callee) {
    return switch (callee.type()) {
      case "java.lang.invoke.MethodHandleNatives" ->
          callee.method().startsWith("link") || callee.method().startsWith("find");
      case "java.lang.ClassLoader" -> callee.method().equals("findNative");
      default -> false;
    };
  }
}
