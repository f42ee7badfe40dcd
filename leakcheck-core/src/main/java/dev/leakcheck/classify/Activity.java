package dev.leakcheck.classify;

import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.List;

/** What a thread is doing, in a clause for a person. Thread-safe. */
public final class Activity {

  private static final int FRAMES_SHOWN = 4;

  private Activity() {}

  /**
   * What a thread is doing.
   *
   * @param thread the thread
   * @return such as {@code sleeping} or {@code waiting for a ReentrantLock held by thread 17}
   */
  public static String of(ThreadRecord thread) {
    List<StackTraceElement> stack = thread.stack();
    if (QueueWait.of(thread).isPresent()) {
      QueueWait wait = QueueWait.of(thread).get();
      return "waiting in " + wait.operation() + (wait.timed() ? ", with a time limit" : "");
    }
    if (Stacks.isInIo(stack)) {
      return "waiting for input or output";
    }
    return switch (thread.state()) {
      case NEW -> "not started";
      case TERMINATED -> "ended";
      case BLOCKED -> "blocked on a monitor" + on(thread.blocker());
      case TIMED_WAITING ->
          Stacks.has(stack, "java.lang.Thread", "sleep")
              ? "sleeping"
              : "waiting with a time limit" + on(thread.blocker());
      case WAITING ->
          Stacks.has(stack, "java.lang.Thread", "join")
              ? "waiting for another thread to end"
              : "waiting without a time limit" + on(thread.blocker());
      case RUNNABLE -> isInSystemCall(thread) ? "in a system call, such as I/O" : "running";
    };
  }

  private static String on(@org.jspecify.annotations.Nullable Blocker blocker) {
    if (blocker == null || blocker.type().equals("java.lang.Object")) {
      return "";
    }
    String owner = blocker.owner() == null ? "" : ", held by thread #" + blocker.owner();
    return " on a " + blocker.type().substring(blocker.type().lastIndexOf('.') + 1) + owner;
  }

  static boolean isInSystemCall(ThreadRecord thread) {
    return thread.state() == Thread.State.RUNNABLE
        && !thread.stack().isEmpty()
        && thread.stack().get(0).isNativeMethod();
  }

  /**
   * Where a thread is.
   *
   * @param stack its stack
   * @return the first frames of the user's or a library's code; all frames if there is none of
   *     either
   */
  public static List<String> where(List<StackTraceElement> stack) {
    List<StackTraceElement> own = Stacks.own(stack);
    List<StackTraceElement> shown = own.isEmpty() ? stack : own;
    return shown.stream().limit(FRAMES_SHOWN).map(Stacks::text).toList();
  }
}
