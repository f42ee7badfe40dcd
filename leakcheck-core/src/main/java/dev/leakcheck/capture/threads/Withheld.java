package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.ask.AskThread;
import dev.leakcheck.capture.base.Jdk;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** A thread that the registry lists and does not hold. Thread-safe. */
public final class Withheld extends WeakReference<Thread> {

  private final long id;
  private volatile boolean ended;

  /** Held again, from before it is put back until it is in the registry. */
  @SuppressWarnings("UnusedVariable") // it is there to hold
  private volatile @Nullable Thread kept;

  /**
   * Of a thread that the registry still holds.
   *
   * @param thread a virtual thread
   */
  public Withheld(Thread thread) {
    super(thread);
    this.id = Jdk.threadId(thread);
  }

  /**
   * The thread's id.
   *
   * @return the id
   */
  public long id() {
    return id;
  }

  /** It has run to its end. */
  void end() {
    ended = true;
    kept = null;
  }

  /**
   * Whether the thread ran to its end: then that is why it is gone.
   *
   * @return true if it did
   */
  public boolean hasEnded() {
    Thread thread = get();
    return ended || (thread != null && AskThread.state(thread) == Thread.State.TERMINATED);
  }

  /**
   * Nobody may take it away any more. Needs no memory, so that nothing keeps it from being done.
   */
  void keep() {
    kept = get();
  }

  void release() {
    kept = null;
  }
}
