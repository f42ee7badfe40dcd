package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.classify.CauseWriter;
import dev.leakcheck.filter.KnownThreads;
import dev.leakcheck.model.ExecutorRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Executors of other libraries' own making. What they are is told by the live threads that their
 * fields lead to. Used by one thread.
 */
final class ThirdParties {

  private final Suspicion check;
  private final Set<String> recorded = new HashSet<>();

  ThirdParties(Suspicion check) {
    this.check = check;
  }

  /**
   * Those of executors that an agent saw being made which have threads of their own: what others of
   * their kind lead to is theirs.
   */
  Map<String, ExecutorRecord> recorded(List<ExecutorService> all) {
    Map<String, ExecutorRecord> records = new LinkedHashMap<>();
    for (ExecutorService executor : all) {
      List<ExecutorService> others = all.stream().filter(other -> other != executor).toList();
      List<Long> threads = threadsOf(executor, others);
      if (threads != null && !threads.isEmpty()) {
        ExecutorRecord record = record(executor, threads, null);
        records.put(record.id(), record);
      }
    }
    recorded.addAll(records.keySet());
    return records;
  }

  /** One that a field holds; null if nothing lives in it, or it is not to be judged. */
  @Nullable ExecutorRecord held(Holding held, ExecutorService executor) {
    List<Long> threads = threadsOf(executor, List.of());
    return threads == null || threads.isEmpty()
        ? null
        : record(executor, threads, held.holder().path());
  }

  private static ExecutorRecord record(
      ExecutorService executor, List<Long> threads, @Nullable String heldBy) {
    return new ExecutorRecord(
        Identity.of(executor), executor.getClass().getName(), threads, null, heldBy);
  }

  /** Recorded ones inside another, such as an event loop of a group. */
  Set<String> partsOf(ExecutorService executor) {
    Set<String> parts = new HashSet<>();
    for (Holding inner : ObjectGraph.reach(List.of(executor), List.of())) {
      String part = Identity.of(inner.object());
      if (recorded.contains(part)) {
        parts.add(part);
      }
    }
    return parts;
  }

  /**
   * The live threads that an executor leads to.
   *
   * @param others executors whose threads are not this one's
   * @return null if it is not to be judged: it is older, or the executor behind it is judged
   */
  private @Nullable List<Long> threadsOf(ExecutorService executor, List<ExecutorService> others) {
    List<Long> threads = new ArrayList<>();
    for (Holding inner : ObjectGraph.reach(List.of(executor), List.of(), others)) {
      if (inner.object() instanceof ExecutorService other && ExecutorMatcher.isPool(other)) {
        return null;
      }
      if (inner.object() instanceof Thread thread
          && isAlive(thread)
          && (!isTimers(thread) || hasTimer(executor))) {
        long id = LiveThreads.id(thread);
        if (!check.newcomers().isNewPlatform(id)) {
          check.open().clear(executor);
          return null;
        }
        if (!check.ending().leaves(thread)) {
          threads.add(id);
        }
      }
    }
    return threads;
  }

  private static boolean isTimers(Thread thread) {
    return thread.getClass().getName().equals(CauseWriter.TIMER);
  }

  /** Whether a timer is the executor's own: others are what it merely leads to. */
  private static boolean hasTimer(ExecutorService executor) {
    return ObjectGraph.values(List.of(executor), List.of()).stream()
        .anyMatch(Timer.class::isInstance);
  }

  /** Whether a thread of an executor's lives that is nobody's to stop. */
  static boolean isAlive(Thread thread) {
    return thread.isAlive()
        && KnownThreads.matchWithoutStack(LiveThreads.withoutStack(thread)).isEmpty()
        && LiveThreads.describe(List.of(thread)).stream()
            .noneMatch(record -> KnownThreads.match(record).isPresent());
  }
}
