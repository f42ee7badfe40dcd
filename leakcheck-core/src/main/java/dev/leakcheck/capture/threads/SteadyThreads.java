package dev.leakcheck.capture.threads;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The live platform threads as of one instant. The JVM's list is not quite that: it may leave out a
 * thread that is about to end, and the one that this has started just now. So it is asked again as
 * long as threads come meanwhile; where that never stops, all that were met are told.
 */
public final class SteadyThreads {

  private static final int MOST_LOOKS = 10;

  private SteadyThreads() {}

  /**
   * Looks.
   *
   * @param counter tells whether threads came
   * @return the threads; some may have ended
   */
  public static List<Thread> all(ThreadCounter counter) {
    Set<Thread> met = Collections.newSetFromMap(new IdentityHashMap<>());
    Reading before = counter.read();
    for (int looks = 0; looks < MOST_LOOKS; looks++) {
      List<Thread> threads = LiveThreads.all();
      Reading after = counter.read();
      if (before.sameAs(after)) {
        return threads;
      }
      met.addAll(threads);
      before = after;
    }
    return new ArrayList<>(met);
  }
}
