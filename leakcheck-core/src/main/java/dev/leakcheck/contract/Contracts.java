package dev.leakcheck.contract;

import java.time.Duration;
import java.util.Objects;
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
}
