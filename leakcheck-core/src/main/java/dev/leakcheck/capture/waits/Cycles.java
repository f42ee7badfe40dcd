package dev.leakcheck.capture.waits;

import dev.leakcheck.capture.waits.Deadlocks.Cycle;
import dev.leakcheck.capture.waits.Deadlocks.Party;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds cycles among threads of which it is known what they wait for, wherever that was read: in
 * this JVM or in a dump of another. Pure functions.
 */
public final class Cycles {

  private Cycles() {}

  /**
   * A thread that waits for a lock.
   *
   * @param thread the thread
   * @param wants the lock, with its owner
   * @param monitors the frames in which it took monitors, by their identity hash code
   */
  public record Waiter(
      ThreadRecord thread, Blocker wants, Map<Integer, StackTraceElement> monitors) {
    /** Copies the map. */
    public Waiter {
      monitors = Map.copyOf(monitors);
    }
  }

  /**
   * The cycles among threads that wait. Each thread waits for one lock at most, which has one owner
   * at most: follow the chains.
   *
   * @param waiters threads that wait, by id
   * @return the cycles in which nobody waits with a time limit
   */
  public static List<Cycle> of(Map<Long, Waiter> waiters) {
    List<Cycle> cycles = new ArrayList<>();
    Map<Long, List<Waiter>> behind = new HashMap<>();
    for (Waiter waiter : waiters.values()) {
      if (waiter.wants().owner() != null && waiter.thread().waitsForEver()) {
        behind.computeIfAbsent(waiter.wants().owner(), key -> new ArrayList<>()).add(waiter);
      }
    }
    Set<Long> done = new HashSet<>();
    for (Long start : waiters.keySet()) {
      Set<Long> path = new LinkedHashSet<>();
      Long id = start;
      while (id != null && waiters.containsKey(id) && !done.contains(id) && path.add(id)) {
        id = owner(waiters, id);
      }
      if (id != null && path.contains(id)) {
        List<Long> chain = List.copyOf(path);
        cycle(chain.subList(chain.indexOf(id), chain.size()), waiters, behind)
            .ifPresent(cycles::add);
      }
      done.addAll(path);
    }
    return cycles;
  }

  private static @Nullable Long owner(Map<Long, Waiter> waiters, Long id) {
    Waiter waiter = waiters.get(id);
    return waiter == null ? null : waiter.wants().owner();
  }

  private static Optional<Cycle> cycle(
      List<Long> ids, Map<Long, Waiter> waiters, Map<Long, List<Waiter>> behind) {
    if (ids.size() < 2) {
      return Optional.empty();
    }
    int lowest = ids.indexOf(ids.stream().min(Long::compare).orElseThrow());
    List<Party> parties = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      Waiter waiter = waiter(ids, lowest + i, waiters);
      Waiter before = waiter(ids, lowest + i + ids.size() - 1, waiters);
      if (!waiter.thread().waitsForEver()) {
        return Optional.empty();
      }
      parties.add(
          new Party(
              waiter.thread(), waiter.wants(), waiter.monitors().get(before.wants().identity())));
    }
    return Optional.of(new Cycle(parties, behind(ids, behind)));
  }

  private static Waiter waiter(List<Long> ids, int index, Map<Long, Waiter> waiters) {
    return Objects.requireNonNull(waiters.get(ids.get(index % ids.size())));
  }

  /** First who waits for a thread of the cycle, then who waits for these, and so on. */
  private static List<ThreadRecord> behind(List<Long> cycle, Map<Long, List<Waiter>> waiting) {
    List<ThreadRecord> behind = new ArrayList<>();
    Set<Long> stuck = new HashSet<>(cycle);
    Deque<Long> owners = new ArrayDeque<>(cycle);
    while (!owners.isEmpty()) {
      for (Waiter waiter : waiting.getOrDefault(owners.remove(), List.of())) {
        if (stuck.add(waiter.thread().id())) {
          behind.add(waiter.thread());
          owners.add(waiter.thread().id());
        }
      }
    }
    return behind;
  }
}
