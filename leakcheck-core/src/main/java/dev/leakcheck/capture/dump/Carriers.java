package dev.leakcheck.capture.dump;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.VirtualThreads;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the carriers of virtual threads do at a moment.
 *
 * @param strangers by carrier, the identity of the virtual thread on it, if that is not LeakCheck's
 * @param held how many carry one of LeakCheck's
 * @param moving how many neither carry anything nor wait for something to carry
 */
record Carriers(Map<Long, Integer> strangers, int held, int moving) {

  static final Carriers NONE = new Carriers(Map.of(), 0, 0);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final String CARRIED = "java.lang.VirtualThread";
  private static final String POOL = "java.util.concurrent.ForkJoinPool";

  /** Looks at them; who holds which is told by the identities of LeakCheck's virtual threads. */
  static Carriers look(Set<Integer> own) {
    long[] carriers =
        LiveThreads.all().stream()
            .filter(VirtualThreads::isCarrier)
            .mapToLong(LiveThreads::id)
            .toArray();
    Map<Long, Integer> strangers = new HashMap<>();
    int held = 0;
    int moving = 0;
    for (ThreadInfo carrier : THREADS.getThreadInfo(carriers)) {
      LockInfo lock = carrier == null ? null : carrier.getLockInfo();
      if (lock != null && lock.getClassName().equals(CARRIED)) {
        if (own.contains(lock.getIdentityHashCode())) {
          held++;
        } else {
          strangers.put(carrier.getThreadId(), lock.getIdentityHashCode());
        }
      } else if (carrier != null && (lock == null || !lock.getClassName().equals(POOL))) {
        moving++;
      }
    }
    return new Carriers(strangers, held, moving);
  }

  /** Whether every one that does anything is held. */
  boolean isAllHeld() {
    return strangers.isEmpty() && moving == 0;
  }

  /** Whether so many are in use, and none goes from one virtual thread to the next just now. */
  boolean isStill(int atLeast) {
    return moving == 0 && held + strangers.size() >= atLeast;
  }
}
