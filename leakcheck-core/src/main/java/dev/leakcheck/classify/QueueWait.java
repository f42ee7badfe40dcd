package dev.leakcheck.classify;

import dev.leakcheck.model.ThreadRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A thread that is blocked in an operation of one of the JDK's blocking queues.
 *
 * @param type class name of the queue
 * @param method the operation, such as {@code take}
 * @param taking whether it waits for an element; otherwise it waits for room or for a taker
 * @param timed whether the operation has a time limit
 */
record QueueWait(String type, String method, boolean taking, boolean timed) {

  private static final String PACKAGE = "java.util.concurrent.";

  private static final Set<String> QUEUES =
      Set.of(
          PACKAGE + "ArrayBlockingQueue",
          PACKAGE + "LinkedBlockingQueue",
          PACKAGE + "LinkedBlockingDeque",
          PACKAGE + "PriorityBlockingQueue",
          PACKAGE + "DelayQueue",
          PACKAGE + "SynchronousQueue",
          PACKAGE + "LinkedTransferQueue");

  private static final List<String> WAITING =
      List.of(
          "jdk.internal.misc.Unsafe",
          "jdk.internal.misc.VirtualThreads",
          "jdk.internal.vm.Continuation",
          "java.lang.VirtualThread",
          "java.lang.System$",
          PACKAGE + "locks.",
          PACKAGE + "ForkJoinPool",
          PACKAGE + "SynchronousQueue$",
          PACKAGE + "LinkedTransferQueue$");

  /**
   * Reads it off a thread's stack: below the frames that park stands the queue's class, and its
   * last frame in a row is the operation that was called. A {@code SynchronousQueue} may be built
   * on a {@code LinkedTransferQueue}.
   */
  static Optional<QueueWait> of(ThreadRecord thread) {
    List<StackTraceElement> stack = thread.stack();
    int i = 0;
    while (i < stack.size() && isWaiting(stack.get(i).getClassName())) {
      i++;
    }
    if (i == 0 || i == stack.size() || !QUEUES.contains(stack.get(i).getClassName())) {
      return Optional.empty();
    }
    while (i + 1 < stack.size() && isQueue(stack.get(i + 1).getClassName())) {
      i++;
    }
    StackTraceElement operation = stack.get(i);
    if (i + 1 < stack.size() && isIdleWorkerFrame(stack.get(i + 1))) {
      return Optional.empty();
    }
    String method = operation.getMethodName();
    boolean taking = method.startsWith("take") || method.startsWith("poll");
    return Optional.of(
        new QueueWait(
            operation.getClassName(),
            method,
            taking,
            thread.state() == Thread.State.TIMED_WAITING));
  }

  private static boolean isWaiting(String type) {
    return WAITING.stream().anyMatch(type::startsWith);
  }

  private static boolean isQueue(String type) {
    return QUEUES.contains(type) || type.startsWith(PACKAGE + "SynchronousQueue$");
  }

  private static boolean isIdleWorkerFrame(StackTraceElement frame) {
    return frame.getClassName().equals(PACKAGE + "ThreadPoolExecutor")
        && frame.getMethodName().equals("getTask");
  }

  String operation() {
    return type.substring(PACKAGE.length()) + "." + method + "()";
  }
}
