package dev.leakcheck.capture.record;

import dev.leakcheck.capture.objects.QueueProbe;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A blocking queue that was made. */
public final class QueueBirth extends Birth {

  QueueBirth(BlockingQueue<?> queue, long number, @Nullable Trace trace) {
    super(queue, number, trace);
  }

  /**
   * The queue.
   *
   * @return the queue, or null if it was collected
   */
  public @Nullable BlockingQueue<?> queue() {
    return get() instanceof BlockingQueue<?> queue ? queue : null;
  }

  /**
   * Whether it holds something.
   *
   * @return false if it is empty or was collected
   */
  public boolean isFilled() {
    BlockingQueue<?> queue = queue();
    return queue != null && QueueProbe.size(queue) > 0;
  }

  @Override
  boolean isOver() {
    return refersTo(null);
  }

  @Override
  boolean outlasts() {
    return isFilled();
  }
}
