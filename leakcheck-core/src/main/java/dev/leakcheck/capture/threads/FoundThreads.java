package dev.leakcheck.capture.threads;

import dev.leakcheck.model.ThreadRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The live threads that records tell of, which hold none. */
public final class FoundThreads {

  private FoundThreads() {}

  /**
   * Looks for threads.
   *
   * @param records which threads
   * @return by their ids; without those that have ended or that this JVM does not let be seen
   */
  public static Map<Long, Thread> of(Collection<ThreadRecord> records) {
    Set<Long> wanted = new HashSet<>();
    boolean virtual = false;
    for (ThreadRecord thread : records) {
      wanted.add(thread.id());
      virtual |= thread.virtual();
    }
    Map<Long, Thread> found = new HashMap<>();
    if (!wanted.isEmpty()) {
      addTo(found, LiveThreads.all(), wanted);
    }
    if (virtual) {
      addTo(found, VirtualThreads.all().orElse(List.of()), wanted);
    }
    return found;
  }

  private static void addTo(Map<Long, Thread> found, List<Thread> threads, Set<Long> wanted) {
    for (Thread thread : threads) {
      long id = LiveThreads.id(thread);
      if (wanted.contains(id)) {
        found.put(id, thread);
      }
    }
  }
}
