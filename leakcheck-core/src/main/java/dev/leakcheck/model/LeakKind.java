package dev.leakcheck.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A kind of LeakCheck's. Each has a page of its own: {@link #page()}. */
public enum LeakKind implements Kind {
  /** Threads wait for each other's monitors or locks. */
  DEADLOCK("threads wait for each other, and none can go on"),
  /** A thread died of an exception, or a task's exception was never asked for. */
  UNCAUGHT_EXCEPTION("a background thread or task failed, and nobody saw it"),
  /** An executor that is not shut down, with or without threads. */
  UNCLOSED_EXECUTOR("an executor was never shut down"),
  /** A {@code java.util.Timer} whose thread lives. */
  UNCANCELLED_TIMER("a timer was never cancelled"),
  /** A {@code StructuredTaskScope} that is still open. */
  UNCLOSED_TASK_SCOPE("a structured task scope was never closed"),
  /** A thread that is blocked on a blocking queue. */
  STUCK_ON_QUEUE("a thread waits on a queue for somebody who does not come"),
  /** A lock is still held by the scope's own thread, or by one that has ended. */
  HELD_LOCK("a lock was never unlocked"),
  /** A platform thread that the scope did not open with is still alive. */
  STRAY_THREAD("a thread is still alive"),
  /** A virtual thread that the scope did not open with is still alive. */
  STRAY_VIRTUAL_THREAD("a virtual thread is still alive"),
  /** Tasks of the scope still run or wait in {@code ForkJoinPool.commonPool()}. */
  BUSY_COMMON_POOL("the common pool still works on tasks of the scope"),
  /** A task of the scope is left in an executor that is older than the scope. */
  LEFTOVER_TASK("a task is left in an executor or a timer that goes on"),
  /** A process that was started in the scope is still alive. */
  CHILD_PROCESS("a child process is still alive"),
  /** A shutdown hook that was registered in the scope is still registered. */
  SHUTDOWN_HOOK("a shutdown hook is still registered"),
  /** A blocking queue still holds elements. */
  LEFTOVER_QUEUE("a queue still holds elements that nobody took"),
  /** A pooled thread that outlives the scope keeps a thread-local that the scope set. */
  THREAD_LOCAL_RESIDUE("a pooled thread keeps a thread-local value"),
  /** The scope's own thread is left interrupted. */
  STRAY_INTERRUPT("the thread was left interrupted"),
  /** Every repetition of some code leaves more behind. */
  GROWTH("every repetition leaves more behind");

  private final String summary;

  LeakKind(String summary) {
    this.summary = summary;
  }

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String summary() {
    return summary;
  }

  /**
   * {@inheritDoc} It tells why it matters as well, has a wrong and a right example, and says how to
   * allow it.
   */
  @Override
  public String page() {
    String resource = "/dev/leakcheck/kinds/" + id() + ".md";
    try (InputStream in = LeakKind.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no page " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
