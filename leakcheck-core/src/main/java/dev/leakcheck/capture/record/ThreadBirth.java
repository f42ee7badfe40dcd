package dev.leakcheck.capture.record;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.ThreadRecord;
import org.jspecify.annotations.Nullable;

/** A thread that was started. */
public final class ThreadBirth extends Birth {

  private final @Nullable ExecutorBirth executor;
  private volatile @Nullable ThreadRecord forgotten;

  ThreadBirth(Thread thread, long number, @Nullable ExecutorBirth executor, @Nullable Trace trace) {
    super(thread, number, trace);
    this.executor = executor;
  }

  /**
   * The thread, while it is alive, or about to be: it is recorded before it starts, and who starts
   * it may be the last one that is alive.
   *
   * @return the thread, or null if it has ended
   */
  public @Nullable Thread alive() {
    return get() instanceof Thread thread && !isEnded(thread) ? thread : null;
  }

  private static boolean isEnded(Thread thread) {
    return AskThread.state(thread) == Thread.State.TERMINATED;
  }

  /**
   * The thread of a timer that was garbage-collected, and that nobody had cancelled.
   *
   * @return the thread as it was, or null if it is none such, or goes on
   */
  public @Nullable ThreadRecord forgottenTimer() {
    return alive() == null ? forgotten : null;
  }

  /** The JDK has a timer's thread end, as the timer was collected. */
  void forgotten(Thread thread) {
    forgotten = LiveThreads.withoutStack(thread).ended();
  }

  /**
   * The executor that the thread works for.
   *
   * @return its birth, or null if it works for none that was made in a scope
   */
  public @Nullable ExecutorBirth executor() {
    return executor;
  }

  /** Whether it works for an executor and is no virtual thread. */
  boolean isPlatformWorker() {
    return executor != null && get() instanceof Thread thread && !Jdk.isVirtual(thread);
  }

  /** A worker is started by whoever comes first, but for the sake of its executor. */
  @Override
  @Nullable Object firstOrMade() {
    return executor == null ? super.firstOrMade() : executor.firstOrMade();
  }

  @Override
  long numberOfMade() {
    return executor == null ? super.numberOfMade() : executor.numberOfMade();
  }

  @Override
  boolean isOf(Birth other) {
    return super.isOf(other) || executor == other;
  }

  @Override
  long reportedAt() {
    return executor == null
        ? super.reportedAt()
        : Math.min(super.reportedAt(), executor.reportedAt());
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
    return (forgotten == null || isAnswered()) && !outlasts();
  }

  @Override
  boolean outlasts() {
    return get() instanceof Thread thread && !isEnded(thread);
  }
}
