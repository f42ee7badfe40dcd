package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.AskThread;
import org.jspecify.annotations.Nullable;

/** A thread that was started. */
public final class ThreadBirth extends Birth {

  private final @Nullable ExecutorBirth executor;

  ThreadBirth(Thread thread, long number, @Nullable ExecutorBirth executor, @Nullable Trace trace) {
    super(thread, number, trace);
    this.executor = executor;
  }

  /**
   * The thread, while it is alive.
   *
   * @return the thread, or null if it has ended
   */
  public @Nullable Thread alive() {
    return get() instanceof Thread thread && thread.isAlive() ? thread : null;
  }

  /**
   * The executor that the thread works for.
   *
   * @return its birth, or null if it works for none that was made in a scope
   */
  public @Nullable ExecutorBirth executor() {
    return executor;
  }

  /** The JDK starts some for itself, when the first needs them, whoever that is. */
  @Override
  boolean mayHelp() {
    Object thread = get();
    return thread != null
        && !thread.getClass().getName().equals("jdk.internal.misc.InnocuousThread");
  }

  @Override
  boolean isOver() {
    return !(get() instanceof Thread thread) || AskThread.state(thread) == Thread.State.TERMINATED;
  }

  @Override
  boolean outlasts() {
    return !isOver();
  }
}
