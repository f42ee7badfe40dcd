package dev.leakcheck.engine;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Ledger;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells whose worker a thread is where the JVM does not: by what the names of one pool's threads
 * have in common. Used by one thread.
 */
final class WorkerGroups {

  /** What ids of executors begin with that are known by their workers' names only. */
  static final String BY_NAME = "workers named ";

  /** Names that the JDK numbers itself: the same number means the same pool. */
  private static final Pattern UNIQUE = Pattern.compile("pool-\\d+-thread-");

  /** Names that the JDK gives to threads without one: they have nothing in common. */
  private static final Pattern DEFAULT = Pattern.compile("Thread-|");

  /** Each is a timer of its own, though the JDK numbers their names. */
  private static final String TIMER = "java.util.TimerThread";

  private static final Pattern NUMBER = Pattern.compile("\\d+$");

  private record Family(String stem, String type, String group) {}

  private final Check check;
  private final Set<String> olderPools = new HashSet<>();
  private final Set<Family> olderFamilies = new HashSet<>();

  WorkerGroups(Check check, Ledger ledger, List<Thread> live) {
    this.check = check;
    for (Thread thread : live) {
      long id = LiveThreads.id(thread);
      if (!check.newcomers().isNewPlatform(id)) {
        String stem = stem(thread.getName());
        if (UNIQUE.matcher(stem).matches()) {
          olderPools.add(stem);
        } else if (!ledger.hasThread(id, check.scope())) {
          olderFamilies.add(family(LiveThreads.withoutStack(thread)));
        }
      }
    }
  }

  /**
   * Drops the workers of pools that the scope opened with, and puts the other pool workers without
   * a known executor into groups.
   */
  void assign(List<ThreadRecord> threads) {
    threads.removeIf(thread -> thread.executor() == null && !thread.virtual() && isOlder(thread));
    threads.replaceAll(
        thread ->
            thread.executor() == null && Stacks.isPoolWorker(thread.stack())
                ? thread.inExecutor(BY_NAME + stem(thread.name()) + "*")
                : thread);
  }

  /** Whether a thread works for a pool that the scope opened with, as far as its name tells. */
  boolean isOlder(ThreadRecord thread) {
    String stem = stem(thread.name());
    return olderPools.contains(stem)
        || (check.scope().options().isBrief()
            && !DEFAULT.matcher(stem).matches()
            && !thread.type().equals(TIMER)
            && !stem.equals(thread.name())
            && olderFamilies.contains(family(thread)));
  }

  private static Family family(ThreadRecord thread) {
    return new Family(stem(thread.name()), thread.type(), thread.group());
  }

  private static String stem(String name) {
    return NUMBER.matcher(name).replaceFirst("");
  }
}
