package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Tracked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose things are, as fields tell: the scope's, or somebody else's. Used by one thread. */
final class Owners {

  private final Scope scope;
  private final Tracked tracked;
  private @Nullable Set<Object> heldByOthers;
  private @Nullable Set<Object> sharedAtFirst;

  Owners(Scope scope, Tracked tracked) {
    this.scope = scope;
    this.tracked = tracked;
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
    Set<Scope> seen = new HashSet<>();
    for (Scope outer = scope.parent(); outer != null && seen.add(outer); outer = outer.parent()) {
      Holding.addAll(ObjectGraph.reach(outer.instances(), outer.classes()), shared);
    }
    return shared;
  }

  /** Whether the objects of a scope around this one led to something when first asked. */
  boolean isShared(@Nullable Object object) {
    if (sharedAtFirst == null) {
      sharedAtFirst = shared();
    }
    return object != null && sharedAtFirst.contains(object);
  }

  boolean isHeldByOthers(Object object) {
    return heldByOthers().contains(object);
  }

  /** What somebody else's objects hold; looked for once a check. */
  private Set<Object> heldByOthers() {
    if (heldByOthers == null) {
      List<Object> instances = new ArrayList<>();
      List<Class<?>> classes = new ArrayList<>();
      for (Object owner : scope.options().others().get()) {
        if (owner instanceof Class<?> type) {
          classes.add(type);
        } else {
          instances.add(owner);
        }
      }
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
