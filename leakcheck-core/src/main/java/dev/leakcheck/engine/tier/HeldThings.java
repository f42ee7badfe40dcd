package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.ThreadDump;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;

/** Executors and threads that fields lead to, with the workers of these executors. Immutable. */
final class HeldThings {

  private final List<Object> things = new ArrayList<>();

  /** Of objects, and of classes for their static fields. */
  HeldThings(Collection<?> instances, Collection<Class<?>> statics) {
    if (!instances.isEmpty() || !statics.isEmpty()) {
      for (Holding held : ObjectGraph.reach(instances, statics)) {
        things.add(held.object());
      }
    }
  }

  private HeldThings(List<Object> things) {
    this.things.addAll(things);
  }

  /** Values of fields, and what these lead to. */
  static HeldThings of(Collection<?> values) {
    HeldThings all = new HeldThings(values, List.of());
    all.things.addAll(values);
    return all;
  }

  /** Without what others lead to as well. */
  HeldThings without(HeldThings others) {
    List<Object> rest = new ArrayList<>(things);
    rest.removeIf(thing -> others.things.stream().anyMatch(other -> other == thing));
    return new HeldThings(rest);
  }

  /** The executors by identity, those inside wrappers included where these can be looked into. */
  Set<String> executors() {
    Set<String> identities = new HashSet<>();
    things.forEach(thing -> addIdentities(thing, identities));
    return identities;
  }

  private static void addIdentities(Object value, Set<String> identities) {
    identities.add(Identity.of(value));
    if (value instanceof ExecutorService executor) {
      identities.add(Identity.of(WorkerExecutors.unwrap(executor)));
    }
  }

  /** Whether one of them is a wrapper of the JDK's that hides which executor is inside. */
  boolean hidesAnExecutor() {
    return things.stream().anyMatch(HeldThings::hidesAnExecutor);
  }

  private static boolean hidesAnExecutor(Object held) {
    return held instanceof ExecutorService executor && WorkerExecutors.hidesAnother(executor);
  }

  /** Types of executors that are among them and are listed by another name than their own. */
  Set<String> hiddenTypes() {
    Set<String> types = new HashSet<>();
    for (Object thing : things) {
      if (thing instanceof ForkJoinPool) {
        types.add("java.util.concurrent.ForkJoinPool");
      } else if (hidesAnExecutor(thing)) {
        types.add(
            thing instanceof ScheduledExecutorService
                ? "java.util.concurrent.ScheduledThreadPoolExecutor"
                : "java.util.concurrent.ThreadPoolExecutor");
      }
    }
    return types;
  }

  /**
   * Ids of the threads.
   *
   * @param dump lists executors with their workers; without one live threads tell of theirs
   */
  Set<Long> threads(ThreadDump dump) {
    if (things.isEmpty()) {
      return Set.of();
    }
    Set<String> executors = executors();
    Set<Long> ids = new HashSet<>();
    for (Object thing : things) {
      if (thing instanceof Thread thread) {
        ids.add(LiveThreads.id(thread));
      }
    }
    for (Thread thread : LiveThreads.all()) {
      ExecutorService executor = LiveExecutors.of(thread, dump);
      if (executor != null && executors.contains(Identity.of(executor))) {
        ids.add(LiveThreads.id(thread));
      }
    }
    for (ThreadDump.Container container : dump.containers()) {
      if (executors.contains(container.name())) {
        ids.addAll(container.threads());
      }
    }
    return ids;
  }
}
