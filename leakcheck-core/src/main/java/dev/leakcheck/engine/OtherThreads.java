package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Jdk;
import dev.leakcheck.capture.dump.ThreadDumper;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import dev.leakcheck.capture.threads.VirtualThreads;
import dev.leakcheck.capture.waits.Wakers;
import dev.leakcheck.engine.tier.Tier;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the threads that others wait for, wherever they were started. Each is looked at once; a
 * dump is taken only if the thread may be a virtual one that cannot be listed otherwise. Used by
 * one thread.
 */
final class OtherThreads implements Wakers.Others {

  private final Tier tier;
  private final ThreadDumper dumper;
  private final ThreadDump dump;
  private final List<Holding> reachable;
  private final Map<Long, Optional<ThreadRecord>> found = new HashMap<>();
  private @Nullable Map<Object, Thread> terminations;

  OtherThreads(Check check, ThreadDump dump, List<Holding> reachable) {
    this.tier = check.tier();
    this.dumper = check.dumper();
    this.dump = dump;
    this.reachable = reachable;
  }

  /**
   * What virtual threads wait for in monitors, which the JDK tells in a dump only, from Java 25 on.
   */
  void addMonitors(List<ThreadRecord> threads) {
    Set<Long> untold = new HashSet<>();
    for (ThreadRecord thread : threads) {
      if (thread.virtual() && thread.blocker() == null && waitsInMonitor(thread)) {
        untold.add(thread.id());
      }
    }
    if (untold.isEmpty() || tier.dumpsMonitors() || !dumper.available()) {
      return;
    }
    Map<Long, ThreadRecord> told = new HashMap<>();
    dumper.take(untold::contains).threads().forEach(thread -> told.put(thread.id(), thread));
    threads.replaceAll(
        thread -> {
          ThreadRecord dumped = untold.contains(thread.id()) ? told.get(thread.id()) : null;
          return dumped != null && Wait.of(dumped).equals(Wait.of(thread))
              ? thread.blockedOn(dumped.blocker())
              : thread;
        });
  }

  private static boolean waitsInMonitor(ThreadRecord thread) {
    return switch (Wait.of(thread).kind()) {
      case MONITOR, OBJECT, JOIN -> true;
      default -> false;
    };
  }

  @Override
  public List<CyclicBarrier> barriers() {
    List<CyclicBarrier> barriers = new ArrayList<>();
    for (Holding held : reachable) {
      if (held.object() instanceof CyclicBarrier barrier) {
        barriers.add(barrier);
      }
    }
    return barriers;
  }

  @Override
  public @Nullable Thread byTermination(Object termination) {
    Map<Object, Thread> known = terminations;
    if (known == null) {
      known = new IdentityHashMap<>();
      for (Thread thread : VirtualThreads.all().orElse(List.of())) {
        Object object = Wakers.termination(thread);
        if (object != null) {
          known.put(object, thread);
        }
      }
      terminations = known;
    }
    return known.get(termination);
  }

  @Override
  public @Nullable ThreadRecord byId(long id) {
    Optional<ThreadRecord> known = found.get(id);
    if (known == null) {
      known = Optional.ofNullable(look(id));
      found.put(id, known);
    }
    return known.orElse(null);
  }

  private @Nullable ThreadRecord look(long id) {
    Optional<Thread> platform = LiveThreads.byId(id);
    if (platform.isPresent()) {
      return Wakers.describe(platform.get());
    }
    if (!Jdk.HAS_CONTAINERS) {
      return Wakers.ended(id, "", false);
    }
    Optional<List<Thread>> virtual = tier.virtualThreads();
    if (virtual.isPresent()) {
      return virtual.get().stream()
          .filter(thread -> LiveThreads.id(thread) == id)
          .findFirst()
          .map(Wakers::describe)
          .orElseGet(() -> Wakers.ended(id, "", false));
    }
    return inDump(dump, id).orElseGet(() -> inNewDump(id));
  }

  private @Nullable ThreadRecord inNewDump(long id) {
    if (!dumper.available()) {
      return null;
    }
    ThreadDump taken = dumper.take(other -> other == id);
    boolean complete = taken.coverage().notes().isEmpty();
    return inDump(taken, id).orElse(complete ? Wakers.ended(id, "", false) : null);
  }

  private static Optional<ThreadRecord> inDump(ThreadDump dump, long id) {
    return dump.threads().stream().filter(thread -> thread.id() == id).findFirst();
  }
}
