package dev.leakcheck.cli.dump;

import dev.leakcheck.capture.waits.Cycles;
import dev.leakcheck.capture.waits.Cycles.Waiter;
import dev.leakcheck.capture.waits.Deadlocks;
import dev.leakcheck.capture.waits.Deadlocks.Cycle;
import dev.leakcheck.classify.Activity;
import dev.leakcheck.classify.Evidence;
import dev.leakcheck.inspect.Deadlock;
import dev.leakcheck.model.Blocker;
import dev.leakcheck.model.Fact;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Printable;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who holds and who wants which lock, of the threads that do. Threads are remembered up to a
 * number: a dump of a million threads has few that hold a lock. Not thread-safe.
 */
final class LockTable {

  private static final int MOST = 30_000;
  private static final int SHOWN = 20;

  /** A lock, whoever owns it. */
  private record Key(String type, int identity) {
    static Key of(Blocker lock) {
      return new Key(lock.type(), lock.identity());
    }
  }

  private final Map<Long, ThreadRecord> wanting = new LinkedHashMap<>();
  private final Map<Long, ThreadRecord> holding = new HashMap<>();
  private final Map<Key, Long> owners = new HashMap<>();
  private final Map<Long, Map<Integer, StackTraceElement>> takenIn = new HashMap<>();
  private final Map<Key, Integer> waiters = new LinkedHashMap<>();
  private final LockLabels labels = new LockLabels(MOST);
  private boolean overflown;

  /** A thread, which may hold or want a lock. */
  void thread(ThreadRecord thread) {
    Blocker wants = thread.blocker();
    if (wants == null || !isLock(thread)) {
      return;
    }
    if (wanting.size() < MOST) {
      wanting.put(thread.id(), thread);
      waiters.merge(Key.of(wants), 1, Integer::sum);
      if (wants.owner() != null) {
        owners.putIfAbsent(Key.of(wants), wants.owner());
      }
    } else {
      overflown = true;
    }
  }

  /** In a wait for a condition, nobody holds what is waited for. */
  private static boolean isLock(ThreadRecord thread) {
    if (thread.state() == Thread.State.BLOCKED) {
      return true;
    }
    Wait.Kind kind = Wait.of(thread).kind();
    return (kind == Wait.Kind.LOCK || kind == Wait.Kind.SYNCHRONIZER)
        && Deadlocks.isAcquiring(thread);
  }

  /** A thread holds a lock. */
  void owns(ThreadRecord thread, Blocker lock, int depth) {
    if (owners.size() >= MOST) {
      overflown = true;
      return;
    }
    owners.put(Key.of(lock), thread.id());
    holding.put(thread.id(), thread);
    if (depth >= 0 && depth < thread.stack().size()) {
      takenIn
          .computeIfAbsent(thread.id(), id -> new HashMap<>(2))
          .putIfAbsent(lock.identity(), thread.stack().get(depth));
    }
  }

  /**
   * What the JVM says of one deadlock.
   *
   * @param name a thread of it
   * @param wants what it waits for
   * @param holder name of the thread that holds this
   */
  record Reported(String name, Blocker wants, String holder) {}

  /** Without the list of ownable synchronizers, only the JVM's own words tell who holds a lock. */
  void reported(List<Reported> cycle) {
    for (Reported party : cycle) {
      List<Long> holders =
          cycle.stream()
              .filter(other -> other.name().equals(party.holder()))
              .flatMap(other -> wanting.values().stream().filter(thread -> isSame(thread, other)))
              .map(ThreadRecord::id)
              .distinct()
              .toList();
      if (holders.size() == 1) {
        owners.putIfAbsent(Key.of(party.wants()), holders.get(0));
      }
    }
  }

  /**
   * Takes over who holds which lock from another dump of the same JVM, for locks that the same
   * threads wait for there, at the same place.
   */
  void completeFrom(LockTable other) {
    Set<Key> ambiguous = new HashSet<>();
    Map<Key, Long> found = new HashMap<>();
    for (ThreadRecord thread : wanting.values()) {
      Blocker wants = thread.blocker();
      ThreadRecord there = other.wanting.get(thread.id());
      if (wants == null || there == null || there.blocker() == null || owner(wants) != null) {
        continue;
      }
      Long owner = other.owner(there.blocker());
      if (owner == null
          || !there.blocker().type().equals(wants.type())
          || !Stacks.own(there.stack()).equals(Stacks.own(thread.stack()))) {
        continue;
      }
      Long before = found.putIfAbsent(Key.of(wants), owner);
      if (before != null && !before.equals(owner)) {
        ambiguous.add(Key.of(wants));
      }
    }
    found.keySet().removeAll(ambiguous);
    found.forEach(
        (lock, owner) -> {
          owners.put(lock, owner);
          ThreadRecord holder = other.holding.get(owner);
          if (holder != null) {
            holding.putIfAbsent(owner, holder);
          }
        });
  }

  private static boolean isSame(ThreadRecord thread, Reported party) {
    return thread.name().equals(party.name())
        && thread.blocker() != null
        && thread.blocker().isSameAs(party.wants());
  }

  /** How the dump itself calls a lock that somebody wants. */
  void label(Blocker lock, String text) {
    labels.add(lock, text);
  }

  /** How many threads wait for locks of which it is not told who holds them. */
  int withoutOwner() {
    return (int)
        wanting.values().stream()
            .filter(thread -> thread.blocker() != null && owner(thread.blocker()) == null)
            .count();
  }

  /** Whether there were more threads and locks than are remembered. */
  boolean isOverflown() {
    return overflown;
  }

  List<Dump.Stuck> deadlocks() {
    Map<Long, Waiter> all = new LinkedHashMap<>();
    wanting.forEach(
        (id, thread) -> {
          Blocker wants = thread.blocker();
          Long owner = wants == null ? null : owner(wants);
          if (wants != null && owner != null) {
            all.put(
                id,
                new Waiter(
                    thread,
                    new Blocker(wants.type(), wants.identity(), owner),
                    takenIn.getOrDefault(id, Map.of())));
          }
        });
    return Cycles.of(all).stream().limit(SHOWN).map(this::stuck).toList();
  }

  private @Nullable Long owner(Blocker wants) {
    return wants.owner() != null ? wants.owner() : owners.get(Key.of(wants));
  }

  private Dump.Stuck stuck(Cycle cycle) {
    Deadlock deadlock =
        new Deadlock(
            cycle.parties().stream()
                .map(party -> new Deadlock.Party(party.thread(), party.wants(), party.holdsIn()))
                .toList(),
            cycle.behind());
    Finding finding = deadlock.explain(Evidence.NONE);
    List<Fact> facts =
        finding.facts().stream()
            .map(fact -> new Fact(fact.key(), fact.lines().stream().map(labels::in).toList()))
            .toList();
    return new Dump.Stuck(
        deadlock.identity(),
        finding.title(),
        facts,
        finding.fix(),
        finding.fingerprint(),
        cycle.ids(),
        cycle.behind().size());
  }

  /** The locks that most threads wait for. */
  List<Dump.Contended> contended() {
    List<Dump.Contended> found = new ArrayList<>();
    waiters.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(SHOWN)
        .forEach(entry -> found.add(contended(entry.getKey(), entry.getValue())));
    return found;
  }

  private Dump.Contended contended(Key lock, int count) {
    Long id = owners.get(lock);
    ThreadRecord owner = id == null ? null : holding.getOrDefault(id, wanting.get(id));
    return new Dump.Contended(
        labels.in(Printable.escape(new Blocker(lock.type(), lock.identity(), null).toString())),
        count,
        owner == null ? null : owner.name(),
        id,
        owner == null ? null : doing(owner));
  }

  private static String doing(ThreadRecord thread) {
    return Activity.of(thread)
        + Stacks.firstOwnFrame(thread.stack())
            .map(frame -> " at " + Printable.escape(Stacks.text(frame)))
            .orElse("");
  }
}
