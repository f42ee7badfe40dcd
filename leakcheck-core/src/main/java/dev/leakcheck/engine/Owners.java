package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Outside;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Shared;
import dev.leakcheck.engine.scope.Tracked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Whose things are, as fields tell: the scope's, or somebody else's. Used by one thread. */
final class Owners {

  private final Scope scope;
  private final Tracked tracked;
  private final Outside outside;
  private @Nullable Set<Object> heldByOthers;
  private @Nullable Set<Object> sharedAtFirst;

  Owners(Scope scope, Shared shared) {
    this.scope = scope;
    this.tracked = shared.tracked();
    this.outside = shared.outside();
  }

  /** What fields of the scope's owners hold themselves, and what was tracked since it opened. */
  List<Holding> direct() {
    return withTracked(ObjectGraph.direct(scope.instances(), scope.classes()));
  }

  /** What this scope's objects lead to, nearest first, and what was tracked since it opened. */
  List<Holding> reachable() {
    return withTracked(ObjectGraph.reach(scope.instances(), scope.classes()));
  }

  private List<Holding> withTracked(List<Holding> held) {
    List<Holding> all = new ArrayList<>(held);
    for (Holding one : tracked.since(scope.baseline().trackedFrom())) {
      if (all.stream().noneMatch(other -> other.object() == one.object())) {
        all.add(one);
      }
    }
    return all;
  }

  /** What the objects of the scopes around this one lead to: theirs to answer for. */
  Set<Object> shared() {
    Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    shared.addAll(heldByOthers());
    addSingletons(shared);
    Set<Scope> seen = new HashSet<>();
    for (Scope outer = scope.parent(); outer != null && seen.add(outer); outer = outer.parent()) {
      Holding.addAll(ObjectGraph.reach(outer.instances(), outer.classes()), shared);
    }
    return shared;
  }

  /**
   * Whether an executor is its class's one for everybody. What classes hold that a scope watches is
   * theirs to answer for.
   */
  boolean isSingleton(ExecutorService executor) {
    return StaticFields.isSingleton(
        executor,
        type -> scope.watchesStatics(type.getName()) || scope.isInStaticsWatcher(type.getName()));
  }

  /**
   * Adds singletons that the scope's objects lead to, with the threads and pools of their own. No
   * scope answers for these: not one that is checked later, whose objects do not lead there.
   */
  private void addSingletons(Set<Object> shared) {
    for (Holding held : reachable()) {
      if (held.object() instanceof ExecutorService executor && isSingleton(executor)) {
        List<Object> parts = ObjectGraph.values(List.of(executor), List.of());
        parts.add(executor);
        for (Object part : parts) {
          if (part instanceof ExecutorService inner) {
            shared.add(inner);
            shared.add(WorkerExecutors.unwrap(inner));
            outside.add(Identity.of(WorkerExecutors.unwrap(inner)));
          } else if (part instanceof Thread thread) {
            shared.add(thread);
            outside.add(LiveThreads.id(thread));
          }
        }
      }
    }
  }

  /** Whether the objects of a scope around this one led to something when first asked. */
  boolean isShared(@Nullable Object object) {
    if (sharedAtFirst == null) {
      sharedAtFirst = shared();
    }
    return object != null && sharedAtFirst.contains(object);
  }

  /** Whether the objects of a scope around this one, or somebody else's, lead to an object. */
  boolean leadsOutside(Object object) {
    for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
      if (ObjectGraph.leads(outer.instances(), outer.classes(), object)) {
        return true;
      }
    }
    List<Object> instances = new ArrayList<>(scope.options().others().get());
    List<Class<?>> classes = classesIn(instances);
    return ObjectGraph.leads(instances, classes, object);
  }

  /** Takes the classes out of a list of owners. */
  private static List<Class<?>> classesIn(List<Object> owners) {
    List<Class<?>> classes = new ArrayList<>();
    owners.removeIf(owner -> owner instanceof Class<?> type && classes.add(type));
    return classes;
  }

  boolean isHeldByOthers(Object object) {
    return heldByOthers().contains(object);
  }

  /** What somebody else's objects hold; looked for once a check. */
  private Set<Object> heldByOthers() {
    if (heldByOthers == null) {
      List<Object> instances = new ArrayList<>(scope.options().others().get());
      List<Class<?>> classes = classesIn(instances);
      // What leads through the test's own objects is the test's, whoever knows the test.
      List<Object> own = new ArrayList<>(scope.instances());
      for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
        own.addAll(outer.instances());
      }
      Set<Object> held = Collections.newSetFromMap(new IdentityHashMap<>());
      Holding.addAll(ObjectGraph.reach(instances, classes, own), held);
      heldByOthers = held;
    }
    return heldByOthers;
  }
}
