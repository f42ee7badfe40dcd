package dev.leakcheck.engine;

import dev.leakcheck.classify.Evidence;
import dev.leakcheck.engine.tier.MakerFinder;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Maker;
import dev.leakcheck.model.Origin;
import dev.leakcheck.model.Stacks;
import dev.leakcheck.model.ThreadRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What the classes of threads' stacks tell. Used by one thread. */
final class RunningCode {

  private final MakerFinder makers;
  private final List<ThreadRecord> left;
  private final Set<String> librarys;

  /**
   * That of a check.
   *
   * @param left the threads that are left
   */
  RunningCode(MakerFinder makers, List<ThreadRecord> left) {
    this.makers = makers;
    this.left = left;
    this.librarys = librarys();
  }

  /**
   * All that it tells.
   *
   * @param stops what the tests' code could stop, by its class
   */
  Evidence.Code code(Evidence.Origins origins, List<Holder> holders, Map<String, String> stops) {
    Set<String> all = new HashSet<>(librarys);
    for (Holder holder : holders) {
      Holder.Owner owner = holder.owner();
      if (owner != null && makers.isLibrarys(owner.type())) {
        all.add(owner.type());
      }
    }
    return new Evidence.Code(all, stopping(origins, holders), stops);
  }

  /** The ids of threads that run code of a library's, and none of the user's. */
  Set<Long> ofLibrarysAlone() {
    Set<Long> alone = new HashSet<>();
    for (ThreadRecord thread : left) {
      List<StackTraceElement> own = Stacks.own(thread.stack());
      if (!own.isEmpty()
          && own.stream().allMatch(frame -> librarys.contains(frame.getClassName()))) {
        alone.add(thread.id());
      }
    }
    return alone;
  }

  private Set<String> librarys() {
    Set<String> asked = new HashSet<>();
    Set<String> found = new HashSet<>();
    for (ThreadRecord thread : left) {
      for (StackTraceElement frame : Stacks.own(thread.stack())) {
        if (asked.add(frame.getClassName()) && makers.isLibrarys(frame)) {
          found.add(frame.getClassName());
        }
      }
    }
    return found;
  }

  /**
   * Threads in a call that is there to stop what made something that is left, or what holds it. Of
   * others nobody knows whether it is that object which they stop.
   */
  private Map<String, ThreadRecord> stopping(Evidence.Origins origins, List<Holder> holders) {
    Map<String, String> stops = new HashMap<>();
    Stream.concat(origins.threads().values().stream(), origins.executors().values().stream())
        .forEach(origin -> addStop(origin, stops));
    for (Holder holder : holders) {
      Holder.Owner owner = holder.owner();
      if (owner != null) {
        stops.putIfAbsent(owner.type(), owner.stop());
      }
    }
    Map<String, ThreadRecord> stopping = new HashMap<>();
    if (!stops.isEmpty()) {
      for (ThreadRecord thread : left) {
        for (StackTraceElement frame : Stacks.own(thread.stack())) {
          stops.forEach(
              (type, stop) -> {
                if (makers.isIn(type, stop, frame)) {
                  stopping.putIfAbsent(type + "." + stop, thread);
                }
              });
        }
      }
    }
    return stopping;
  }

  private static void addStop(Origin origin, Map<String, String> stops) {
    Maker maker = origin instanceof Origin.Known known ? known.maker() : null;
    if (maker != null && maker.stop() != null) {
      stops.put(maker.type(), maker.stop());
    }
  }
}
