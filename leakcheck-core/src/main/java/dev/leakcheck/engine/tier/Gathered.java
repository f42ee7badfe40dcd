package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ThreadBirth;
import java.util.HashMap;
import java.util.Map;

/**
 * The threads that were met since evidence was last gathered. They may have ended until they are
 * told, and have started others: what comes of them is told with them. Used by one thread.
 */
final class Gathered {

  private final Map<Long, ThreadBirth> threads = new HashMap<>();
  private long asOf;

  /**
   * Evidence is gathered anew.
   *
   * @param last the last number that was given to a birth
   */
  void begin(long last) {
    threads.clear();
    asOf = last;
  }

  void add(long id, ThreadBirth birth) {
    threads.put(id, birth);
  }

  /** A person is told of a thread as a leak. */
  void report(long thread) {
    ThreadBirth birth = threads.get(thread);
    if (birth != null) {
      report(birth);
    }
  }

  /** A person is told of something as a leak. */
  void report(Birth birth) {
    birth.report(asOf);
  }
}
