package dev.leakcheck.capture.dump;

import java.util.List;

/** What the stack of a virtual thread tells where the dump does not (JDK 21 to 24). */
final class VirtualStacks {

  private static final String VIRTUAL_THREAD = "java.lang.VirtualThread";

  /** Between LockSupport and VirtualThread; first of them what a pinned thread parks in. */
  private static final List<String> BRIDGES =
      List.of(
          "jdk.internal.misc.Unsafe",
          "jdk.internal.misc.VirtualThreads",
          "jdk.internal.vm.Continuation",
          "java.lang.System$"); // numbered differently in each release

  private VirtualStacks() {}

  /** A virtual thread's outermost frame is {@code VirtualThread.run}. */
  static boolean isVirtual(List<StackTraceElement> stack) {
    return !stack.isEmpty() && stack.get(stack.size() - 1).getClassName().equals(VIRTUAL_THREAD);
  }

  /** A parked thread's innermost frames say whether it parked with a time limit. */
  static Thread.State state(List<StackTraceElement> stack) {
    for (StackTraceElement frame : stack) {
      String method = frame.getMethodName();
      if (BRIDGES.stream().anyMatch(frame.getClassName()::startsWith)) {
        continue;
      }
      switch (frame.getClassName()) {
        case VIRTUAL_THREAD -> {
          if (method.contains("Nanos")) {
            return Thread.State.TIMED_WAITING;
          }
        }
        case "java.util.concurrent.locks.LockSupport" -> {
          return method.equals("park") ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
        }
        case "java.lang.Thread" -> {
          return method.startsWith("sleep") ? Thread.State.TIMED_WAITING : Thread.State.RUNNABLE;
        }
        default -> {
          return Thread.State.RUNNABLE;
        }
      }
    }
    return stack.isEmpty() ? Thread.State.RUNNABLE : Thread.State.WAITING;
  }
}
