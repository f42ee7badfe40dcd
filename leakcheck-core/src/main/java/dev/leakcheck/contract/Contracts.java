package dev.leakcheck.contract;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asserts that code stops when it is told to. Each assertion tries it out: it runs the code, tells
 * it to stop and fails, unless it has ended in time.
 *
 * <pre>{@code
 * Contracts.assertStops(poller::run, Duration.ofSeconds(5));
 * }</pre>
 *
 * <p>Times are upper limits: an assertion returns as soon as the code has ended, so they can be
 * generous. What could not be tried, such as code that is over before it is told to stop, is an
 * error as well. All methods are thread-safe. If the asserting thread is interrupted, they throw a
 * {@link ContractError} and leave its interrupt flag set.
 */
public final class Contracts {

  private static final AtomicLong TASKS = new AtomicLong();

  private Contracts() {}

  /** Code that goes on until it is stopped, and may throw anything. */
  @FunctionalInterface
  public interface Task {
    /**
     * Runs the code.
     *
     * @throws Throwable whatever the code throws
     */
    void run() throws Throwable;
  }

  /**
   * Asserts that a task ends when its thread is interrupted, and leaves nothing behind. The task
   * runs on a daemon thread of its own. It is interrupted once it is under way: it waits for
   * something, or has been running for a while.
   *
   * <p>The task may return, or throw an {@code InterruptedException}, another exception that says
   * so, or one that has it as a cause. What it started has the usual settle time to end; as in
   * every {@link dev.leakcheck.LeakScope} without an agent, that includes what other code of the
   * JVM starts meanwhile.
   *
   * @param task code that goes on until it is stopped
   * @param within how long it may take to end after the interrupt
   * @throws ContractError if it ends later or not at all, by another exception, leaves something
   *     behind, or is over before it could be interrupted
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public static void assertStops(Task task, Duration within) {
    assertStops(
        task,
        within,
        body -> {
          Thread thread = new Thread(body, "leakcheck-task-" + TASKS.incrementAndGet());
          thread.setDaemon(true); // one that does not stop must not keep the JVM alive
          return thread;
        });
  }

  /**
   * The same, on a thread of the caller's choice, such as a virtual one.
   *
   * @param task code that goes on until it is stopped
   * @param within how long it may take to end after the interrupt
   * @param threads makes the thread, such as {@code Thread.ofVirtual().factory()}
   * @throws ContractError if it ends later or not at all, by another exception, leaves something
   *     behind, or is over before it could be interrupted
   * @throws IllegalArgumentException if the time is negative or longer than a day, or the factory
   *     makes no thread
   */
  public static void assertStops(Task task, Duration within, ThreadFactory threads) {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(threads, "threads");
    Stopping.check(task, Objects.requireNonNull(within, "within"), threads);
  }

  /**
   * Asserts that an executor shuts down in good order: work that it accepted before {@code
   * shutdown()} finishes undisturbed, new work is refused by {@code RejectedExecutionException},
   * and its threads end. It is shut down by this. If it does not end, {@code shutdownNow()} is
   * tried as well, and the message says whether that helped.
   *
   * @param executor a running executor; three short tasks must find room in it
   * @param grace how long it may take from {@code shutdown()} to its end
   * @throws ContractError if it does not, or was shut down before, or is the common pool
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public static void assertShutsDown(ExecutorService executor, Duration grace) {
    Objects.requireNonNull(executor, "executor");
    ShuttingDown.check(executor, Objects.requireNonNull(grace, "grace"));
  }

  /**
   * Asserts that {@code close()} returns in time and throws nothing. It runs on a thread of its
   * own. Whether the object's threads end is not looked at: which are its own cannot be told; pass
   * the code that makes it for that. An {@code ExecutorService} is shut down as by {@link
   * #assertShutsDown(ExecutorService, Duration)}.
   *
   * @param closeable what is to be closed
   * @param grace how long it may take
   * @throws ContractError if it takes longer or throws
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public static void assertShutsDown(AutoCloseable closeable, Duration grace) {
    Objects.requireNonNull(closeable, "closeable");
    Closing.check(closeable, Objects.requireNonNull(grace, "grace"));
  }

  /**
   * Asserts that {@code close()} returns in time, throws nothing and leaves nothing of what was
   * made since the code that makes the object was called: threads, executors, queues. These have
   * the usual settle time to end; as in every {@link dev.leakcheck.LeakScope} without an agent,
   * that includes what other code of the JVM makes meanwhile.
   *
   * @param make makes, starts and uses what is to be closed; runs on the calling thread
   * @param grace how long {@code close()} may take
   * @throws ContractError if it takes longer, throws or leaves something behind
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public static void assertShutsDown(Callable<? extends AutoCloseable> make, Duration grace) {
    Objects.requireNonNull(make, "make");
    Closing.check(make, Objects.requireNonNull(grace, "grace"));
  }

  /**
   * Asserts that {@code cancel(true)} of a future reaches the code that runs for it, so that it
   * ends.
   *
   * @param future of work that is running
   * @param probe stands for that work, or is told by it: it says which thread runs it and when it
   *     ends
   * @param within how long the work may take to end after the cancel
   * @throws ContractError if it ends later or not at all, has not been started, or is done
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public static void assertCancels(Future<?> future, CancellationProbe probe, Duration within) {
    Objects.requireNonNull(future, "future");
    Objects.requireNonNull(probe, "probe");
    Cancelling.check(future, probe, Objects.requireNonNull(within, "within"));
  }

  /**
   * Starts work and asserts that {@code cancel(true)} of its future reaches the code that runs for
   * it, so that it ends. The work is what futures' bodies run on any thread that did not before; so
   * other code must not begin such work at the same time, unless the agent is in place and the
   * future is the JDK's {@code FutureTask}, as those of its thread pools are.
   *
   * @param start starts the work, and no other; runs on the calling thread
   * @param within how long the work may take to end after the cancel
   * @throws ContractError if it ends later or not at all, or is over before it could be cancelled
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public static void assertCancels(Callable<? extends Future<?>> start, Duration within) {
    Objects.requireNonNull(start, "start");
    Cancelling.check(start, Objects.requireNonNull(within, "within"));
  }

  /**
   * Asserts that {@code cancel(true)} of a future whose body runs already reaches it. A future does
   * not tell who runs it: with the agent that is read from the JDK's {@code FutureTask}; without
   * it, some body of such a future has to end when this one is cancelled, and what cannot be shown
   * is an error that says so. The forms with a probe or with the code that starts the work are
   * exact.
   *
   * @param future of work that is running
   * @param within how long the work may take to end after the cancel
   * @throws ContractError if it ends later or not at all, is not seen to run, or is done
   * @throws IllegalArgumentException if the time is negative or longer than a day
   */
  public static void assertCancels(Future<?> future, Duration within) {
    Objects.requireNonNull(future, "future");
    Cancelling.check(future, Objects.requireNonNull(within, "within"));
  }
}
