package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.engine.scope.Ledger;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.WorkerStacks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  private static final Pattern NUMBER = Pattern.compile("\\d+$");

  private static final String IN = "* in ";
  static final String POOL = "java.util.concurrent.ThreadPoolExecutor";
  static final String SCHEDULED = "java.util.concurrent.ScheduledThreadPoolExecutor";

  private record Family(String stem, String type, String group) {}

  private final Check check;
  private final Set<String> olderPools = new HashSet<>();
  private final Set<Family> olderFamilies = new HashSet<>();
  private final List<Thread> live;
  private final Supplier<Set<Object>> others;
  private @Nullable Set<Long> mayBeOthers;
  private @Nullable Set<Long> timersOfOthers;

  /**
   * The groups of live threads.
   *
   * @param listed whether the JDK listed executors with their workers
   * @param others what others hold
   */
  WorkerGroups(
      Check check, Ledger ledger, List<Thread> live, boolean listed, Supplier<Set<Object>> others) {
    this.check = check;
    this.live = live;
    this.mayBeOthers = listed || WorkerExecutors.isTold() ? Set.of() : null;
    this.others = others;
    for (Thread thread : live) {
      long id = LiveThreads.id(thread);
      if (!check.newcomers().isNewPlatform(id)) {
        String stem = stem(thread.getName());
        if (UNIQUE.matcher(stem).matches()) {
          olderPools.add(stem);
        } else if (!ledger.hasThread(id, check.scope())
            && !check.newcomers().successors().isLink(id)) {
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
    Map<String, Long> first = new HashMap<>();
    for (ThreadRecord thread : threads) {
      if (isUnassigned(thread)) {
        first.merge(sort(thread), thread.id(), Math::min);
      }
    }
    threads.replaceAll(
        thread ->
            isUnassigned(thread)
                ? thread.inExecutor(sort(thread) + first.get(sort(thread)))
                : thread);
  }

  private static boolean isUnassigned(ThreadRecord thread) {
    return thread.executor() == null && WorkerStacks.isPoolWorker(thread.stack());
  }

  /** What workers of one pool have in common. A later pool's may be named alike. */
  private static String sort(ThreadRecord thread) {
    return BY_NAME
        + stem(thread.name())
        + IN
        + (Boolean.TRUE.equals(isScheduled(thread)) ? SCHEDULED : POOL)
        + " since thread ";
  }

  /** The class of an executor that is known by its workers' names only. */
  static String type(String id) {
    String after = id.substring(id.lastIndexOf(IN));
    return after.startsWith(IN + SCHEDULED) ? SCHEDULED : POOL;
  }

  /** Whether a worker's pool is one for delayed tasks, or null if that cannot be told now. */
  private static @Nullable Boolean isScheduled(ThreadRecord thread) {
    return Stacks.runs(thread.stack(), SCHEDULED + "$")
        ? Boolean.TRUE
        : WorkerStacks.isIdlePoolWorker(thread.stack()) ? Boolean.FALSE : null;
  }

  /**
   * Whether a thread works for a pool that the scope opened with, as far as its name tells, or may
   * work for one that others hold.
   */
  boolean isOlder(ThreadRecord thread) {
    String stem = stem(thread.name());
    return olderPools.contains(stem)
        || mayBeOthers().contains(thread.id())
        || (thread.type().equals(CauseWriter.TIMER) && timersOfOthers().contains(thread.id()))
        || (check.scope().options().isBrief()
            && !DEFAULT.matcher(stem).matches()
            && !thread.type().equals(CauseWriter.TIMER)
            && !stem.equals(thread.name())
            && olderFamilies.contains(family(thread)));
  }

  private Set<Long> timersOfOthers() {
    if (timersOfOthers == null) {
      timersOfOthers = HeldTimers.threads(check, live, others);
    }
    return timersOfOthers;
  }

  private Set<Long> mayBeOthers() {
    if (mayBeOthers == null) {
      mayBeOthers = findOthers();
      if (!mayBeOthers.isEmpty()) {
        check.limitedBy(
            Coverage.limitedBy(
                Coverage.Limit.DUMP_WITHOUT_EXECUTORS,
                CauseWriter.count(mayBeOthers.size(), "new worker")
                    + " may be of a pool that others hold: left alone, as the JDK could not list"
                    + " whose they are"));
      }
    }
    return mayBeOthers;
  }

  /** The workers of one pool are told from others' only where the JDK numbered the pool. */
  private Set<Long> findOthers() {
    List<Thread> came =
        live.stream()
            .filter(thread -> check.newcomers().isNewPlatform(LiveThreads.id(thread)))
            .toList();
    List<ThreadRecord> workers = new ArrayList<>(LiveThreads.describe(came));
    workers.removeIf(thread -> !WorkerStacks.isPoolWorker(thread.stack()));
    if (workers.isEmpty()) {
      return Set.of();
    }
    Map<String, Integer> counts = new HashMap<>();
    workers.forEach(worker -> counts.merge(stem(worker.name()), 1, Integer::sum));
    HeldPools held = new HeldPools(others.get(), check.scope().watched().pools(), live);
    Set<Long> ids = new HashSet<>();
    for (ThreadRecord worker : workers) {
      String stem = stem(worker.name());
      int count = UNIQUE.matcher(stem).matches() ? counts.getOrDefault(stem, 1) : 1;
      if (held.mayHave(isScheduled(worker), count)) {
        ids.add(worker.id());
      }
    }
    return ids;
  }

  private static Family family(ThreadRecord thread) {
    return new Family(stem(thread.name()), thread.type(), thread.group());
  }

  private static String stem(String name) {
    return NUMBER.matcher(name).replaceFirst("");
  }
}
