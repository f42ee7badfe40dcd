package dev.leakcheck.capture;

import java.util.concurrent.BlockingQueue;

/** Which queue a parked thread waits on. */
public final class QueueBlockers {

  private QueueBlockers() {}

  /** Whether a park blocker belongs to a queue. */
  public static boolean blocks(BlockingQueue<?> queue, Object blocker) {
    return queue == blocker;
  }
}
