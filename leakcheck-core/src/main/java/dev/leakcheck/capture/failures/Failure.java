package dev.leakcheck.capture.failures;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.ask.AskThrowable;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.base.OwnReference;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Owner;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.io.InterruptedIOException;
import java.lang.ref.WeakReference;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * An exception that nobody saw. Holds text and frames, neither the exception nor the thread.
 *
 * @param number orders the failures of this JVM
 * @param how what became of the exception
 * @param thread the thread, as it was
 * @param runner the thread
 * @param thrown the exception, and its causes from the outermost to the innermost
 * @param assertion whether it is an {@code AssertionError}
 * @param owner who answers for it, or null if that was not recorded
 * @param code the classes of the task that failed, but for the JDK's; empty if they are not known
 */
public record Failure(
    long number,
    How how,
    ThreadRecord thread,
    WeakReference<Thread> runner,
    List<Thrown> thrown,
    boolean assertion,
    @Nullable Owner owner,
    List<WeakReference<Class<?>>> code) {

  private static final int MOST_THROWN = 4;
  private static final int MOST_FRAMES = 64;
  private static final int MOST_CHARACTERS = 200;

  /** Of a message that is to be shortened, no more is looked at. */
  private static final int MOST_READ = 4 * MOST_CHARACTERS;

  /** What became of an exception. */
  public enum How {
    /** The thread ended. */
    DIED,
    /** A framework gave it to the uncaught-exception handler, and the thread went on. */
    HANDED,
    /** It is in a future that nobody asked. */
    KEPT,
    /** It is in the future of a schedule, which has ended with it. */
    KEPT_BY_SCHEDULE,
    /** It is in a {@code CompletableFuture} that nobody asked. */
    KEPT_BY_STAGE;

    /**
     * Whether a future has it.
     *
     * @return false if the thread threw it at whoever handles what nobody catches
     */
    public boolean isKept() {
      return this == KEPT || this == KEPT_BY_SCHEDULE || this == KEPT_BY_STAGE;
    }
  }

  /**
   * An exception as text.
   *
   * @param type its class
   * @param message its message on one line, shortened; empty if it has none
   * @param stack innermost frame first
   */
  public record Thrown(String type, String message, List<StackTraceElement> stack) {
    /** Copies the stack. */
    public Thrown {
      stack = List.copyOf(stack);
    }
  }

  /** Copies the lists. */
  public Failure {
    thrown = List.copyOf(thrown);
    code = List.copyOf(code);
  }

  /** A failure of the current thread. */
  static Failure now(long number, How how, Throwable exception, @Nullable Owner owner) {
    Thread thread = Thread.currentThread();
    ExecutorService executor = Jdk.isVirtual(thread) ? null : WorkerExecutors.of(thread);
    return new Failure(
        number,
        how,
        LiveThreads.withoutStack(thread)
            .inExecutor(executor == null ? null : Identity.of(executor)),
        new OwnReference<>(thread),
        chain(exception),
        exception instanceof AssertionError,
        owner,
        List.of());
  }

  /** The same of a task. */
  Failure of(List<WeakReference<Class<?>>> code) {
    return new Failure(number, how, thread, runner, thrown, assertion, owner, code);
  }

  /**
   * Whether all frames of the exception and of its causes are known.
   *
   * @return false if some were left out, or one has none
   */
  public boolean hasAllFrames() {
    return thrown.size() < MOST_THROWN
        && thrown.stream()
            .map(Thrown::stack)
            .allMatch(stack -> !stack.isEmpty() && stack.size() < MOST_FRAMES);
  }

  private static List<Thrown> chain(Throwable exception) {
    List<Thrown> chain = new ArrayList<>();
    for (Throwable e = exception;
        e != null && chain.size() < MOST_THROWN;
        e = AskThrowable.cause(e)) {
      chain.add(new Thrown(e.getClass().getName(), message(e), stack(e)));
    }
    return chain;
  }

  private static List<StackTraceElement> stack(Throwable exception) {
    List<StackTraceElement> stack = AskThrowable.stack(exception);
    return stack.subList(0, Math.min(MOST_FRAMES, stack.size()));
  }

  private static String message(Throwable exception) {
    String message = AskThrowable.message(exception);
    if (message == null) {
      return "";
    }
    String line =
        message.substring(0, Math.min(MOST_READ, message.length())).strip().replaceAll("\\s+", " ");
    return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
  }

  /**
   * Whether the current thread fails since it was told to end: it was interrupted, or what it
   * waited for was cancelled or closed. The JDK's own way of stopping a thread is no accident.
   */
  static boolean isAskedFor(Throwable exception) {
    if (AskThread.isInterrupted(Thread.currentThread())) {
      return true;
    }
    int depth = 0;
    for (Throwable e = exception; e != null && depth < 16; e = AskThrowable.cause(e), depth++) {
      if (e instanceof InterruptedException
          || e instanceof CancellationException
          || e instanceof ClosedByInterruptException
          || e instanceof FileLockInterruptionException
          || e.getClass() == InterruptedIOException.class
          || Closings.isOne(e)
          || isThreadDeath(e)) {
        return true;
      }
    }
    return false;
  }

  /** The class is about to be removed from the JDK. */
  static boolean isThreadDeath(Throwable exception) {
    for (Class<?> type = exception.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().equals("java.lang.ThreadDeath")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the thread may still be about to look at the exception, as a pool's {@code
   * afterExecute} does.
   *
   * @return false once the thread has ended or waits for its next task
   */
  public boolean mayBeSeen() {
    Thread thread = runner.get();
    if (!how.isKept() || thread == null || !thread.isAlive()) {
      return false;
    }
    List<StackTraceElement> stack =
        LiveThreads.describe(List.of(thread)).stream()
            .findFirst()
            .map(ThreadRecord::stack)
            .orElse(List.of());
    return WorkerStacks.isPoolWorker(stack) && !WorkerStacks.isIdlePoolWorker(stack);
  }
}
