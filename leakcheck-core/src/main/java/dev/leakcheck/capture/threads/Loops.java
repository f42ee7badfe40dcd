package dev.leakcheck.capture.threads;

import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What threads do, where some of them wait again and again. A thread that is seen running may be
 * between two waits, or wait for a processor after the last one: it is looked at again, so that
 * what is said of it does not depend on the moment. Thread-safe.
 */
public final class Loops {

  private static final int LOOKS = 12;
  private static final long FIRST_PAUSE = TimeUnit.MICROSECONDS.toNanos(250);
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private Loops() {}

  /**
   * The threads with their states, stacks and blockers: where one of them waits between what it
   * does, as it waits. It takes a tenth of a second if one never does.
   *
   * @param threads the threads
   * @return one record for each thread that was alive at the first look
   */
  public static List<ThreadRecord> describe(Collection<Thread> threads) {
    Map<Long, ThreadRecord> records = new LinkedHashMap<>();
    LiveThreads.describe(threads).forEach(record -> records.put(record.id(), record));
    Map<Long, Thread> running = new HashMap<>();
    for (Thread thread : threads) {
      ThreadRecord record = records.get(LiveThreads.id(thread));
      if (record != null && runs(record)) {
        running.put(record.id(), thread);
      }
    }
    long pause = FIRST_PAUSE;
    for (int look = 0; look < LOOKS && !running.isEmpty(); look++) {
      LockSupport.parkNanos(pause);
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
      for (ThreadRecord again : LiveThreads.describe(running.values())) {
        if (!runs(again)) {
          records.put(again.id(), again);
          running.remove(again.id());
        }
      }
    }
    return List.copyOf(records.values());
  }

  private static boolean runs(ThreadRecord thread) {
    return Wait.of(thread).kind() == Wait.Kind.RUNNING;
  }
}
