package dev.leakcheck.model;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the thing that a thread waits for. Of what is not known for certain, nothing is
 * said.
 *
 * @param count of a latch its count, of a semaphore its permits, of a lock how often it is held, of
 *     a barrier or phaser how many parties have come, of a future how many threads run it; or null
 * @param parties of a barrier or phaser how many parties there are; or null
 * @param thread who holds the lock, runs the future, initialises the class or is to end first; its
 *     state is {@code TERMINATED} if it has ended; or null
 * @param initialized name of the class that another thread has to initialise first; or null
 */
public record Waker(
    @Nullable Long count,
    @Nullable Long parties,
    @Nullable ThreadRecord thread,
    @Nullable String initialized) {

  /**
   * What is known of anything but a class.
   *
   * @param count as above
   * @param parties as above
   * @param thread as above
   */
  public Waker(@Nullable Long count, @Nullable Long parties, @Nullable ThreadRecord thread) {
    this(count, parties, thread, null);
  }

  /**
   * Whether a thread is known that may end the wait: one that is alive and that neither waits for
   * somebody itself.
   *
   * @return true if there is one
   */
  public boolean mayCome() {
    return thread != null
        && thread.state() != Thread.State.TERMINATED
        && !Wait.of(thread).untilWoken();
  }

  /**
   * Whether it waits for a thread that has ended.
   *
   * @return true if that thread is known to have ended
   */
  public boolean hasEnded() {
    return thread != null && thread.state() == Thread.State.TERMINATED;
  }
}
