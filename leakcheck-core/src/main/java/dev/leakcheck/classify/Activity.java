package dev.leakcheck.classify;

import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a thread is doing, in a clause for a person. Thread-safe. */
public final class Activity {

  private static final int FRAMES_SHOWN = 4;

  private Activity() {}

  /**
   * What a thread is doing.
   *
   * @param thread the thread
   * @return such as {@code sleeping} or {@code waiting in CountDownLatch.await(), without a time
   *     limit}
   */
  public static String of(ThreadRecord thread) {
    Wait wait = Wait.of(thread);
    return clause(thread, wait, wait.timed() ? " with a time limit" : " without a time limit");
  }

  /** The same without the time limit, to go on with the place. */
  static String brief(ThreadRecord thread) {
    return clause(thread, Wait.of(thread), "");
  }

  private static String clause(ThreadRecord thread, Wait wait, String limit) {
    String after = limit.isEmpty() ? "" : "," + limit;
    return switch (wait.kind()) {
      case UNSTARTED -> "not started";
      case ENDED -> "ended";
      case RUNNING -> "running";
      case NATIVE -> "in native code, " + Printable.escape(wait.operation());
      case SLEEP -> "sleeping";
      case IO -> "waiting for input or output" + in(wait) + (wait.timed() ? after : "");
      case IDLE_WORKER -> "waiting for its next task";
      case MONITOR -> "waiting to enter a synchronized block" + of(thread.blocker());
      case SYNCHRONIZER -> "waiting" + limit + on(thread.blocker());
      case PARKED -> "parked" + limit + on(thread.blocker());
      case UNKNOWN ->
          wait.type().isEmpty()
              ? "waiting" + limit + on(thread.blocker())
              : "waiting" + in(wait) + after;
      case QUEUE -> "waiting" + in(wait) + (wait.timed() ? after : "");
      default -> "waiting" + in(wait) + after;
    };
  }

  private static String in(Wait wait) {
    return wait.type().isEmpty() ? "" : " in " + wait.operation();
  }

  private static String on(@Nullable Blocker blocker) {
    return blocker(" on a ", blocker);
  }

  private static String of(@Nullable Blocker blocker) {
    return blocker(" of a ", blocker);
  }

  private static String blocker(String before, @Nullable Blocker blocker) {
    return blocker == null || blocker.type().equals("java.lang.Object")
        ? ""
        : before + type(blocker.type());
  }

  /** The class as a person knows it: in full, unless it is one of the JDK's. */
  static String type(String type) {
    boolean jdk = type.startsWith("java.");
    return Printable.escape(jdk ? type.substring(type.lastIndexOf('.') + 1) : type);
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
