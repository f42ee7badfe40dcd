package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.ExecutorProbe;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.JdkServices;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.record.ShutdownHookBirth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.engine.scope.Outside;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.scope.Tracked;
import dev.leakcheck.engine.tier.MadeBy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whose things are, as fields tell: the scope's, or somebody else's. Used by one thread. */
final class Owners {

  private final Suspicion check;
  private final Scope scope;
  private final Tracked tracked;
  private final Outside outside;
  private final Set<Object> leftAlone = Collections.newSetFromMap(new IdentityHashMap<>());
  private final ClassesOwn ofClasses;
  private final KnownOwners known;
  private @Nullable OthersThings others;
  private @Nullable FixtureThreads fixtures;
  private final Supplier<Set<Object>> sharedAtFirst = sharedIfAsked();

  Owners(Suspicion check) {
    this.check = check;
    this.scope = check.scope();
    this.tracked = check.shared().tracked();
    this.outside = check.shared().outside();
    this.ofClasses = new ClassesOwn(check);
    this.known = new KnownOwners(check);
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
    for (Holding one : tracked()) {
      if (all.stream().noneMatch(other -> other.object() == one.object())) {
        all.add(one);
      }
    }
    return all;
  }

  /** What was tracked since the scope opened. */
  List<Holding> tracked() {
    return tracked.since(scope.baseline().trackedFrom());
  }

  /** Asks others, and the scopes around this one, what is theirs, if somebody wants to know. */
  Supplier<Set<Object>> sharedIfAsked() {
    return new Supplier<>() {
      private @Nullable Set<Object> shared;

      @Override
      public Set<Object> get() {
        if (shared == null) {
          shared = shared();
        }
        return shared;
      }
    };
  }

  /** What the objects of the scopes around this one lead to: theirs to answer for. */
  Set<Object> shared() {
    long begin = System.nanoTime();
    Set<Object> shared = lookForShared();
    check.shared().walkedFor(System.nanoTime() - begin);
    return shared;
  }

  private Set<Object> lookForShared() {
    Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    shared.addAll(others().all());
    shared.addAll(ofClasses.all(reachable()));
    Set<Object> judgedLater = Collections.newSetFromMap(new IdentityHashMap<>());
    addClosedLater(judgedLater);
    Set<Scope> seen = new HashSet<>();
    for (Scope outer = scope.parent(); outer != null && seen.add(outer); outer = outer.parent()) {
      Holding.addAll(ObjectGraph.reach(outer.instances(), outer.classes()), judgedLater);
    }
    leaveOutside(others().ofExtensions(), judgedLater);
    shared.addAll(judgedLater);
    shared.addAll(fixtures().all());
    leaveOutside(fixtures().ofExtensions(), judgedLater);
    shared.addAll(HeldServices.threads(check, shared));
    return shared;
  }

  /**
   * No scope answers for what other extensions' objects made for themselves: not one that is
   * checked later, when an extension may have let go of a context that it keeps for others. An
   * executor's work queue goes with it.
   *
   * @param ofExtensions what was made
   * @param judgedLater what another scope answers for all the same
   */
  private void leaveOutside(Set<Object> ofExtensions, Set<Object> judgedLater) {
    for (Object made : ofExtensions) {
      if (!judgedLater.contains(made)) {
        if (made instanceof Thread thread) {
          outside.add(LiveThreads.id(thread));
        } else {
          outside.add(Identity.of(made));
          leftAlone.add(made);
          BlockingQueue<?> work = ExecutorProbe.workQueue(made);
          if (work != null) {
            check.born().disown(work);
          }
        }
        check.born().birth(made).ifPresent(Birth::disown);
      }
    }
  }

  /**
   * Adds what objects lead to that are closed after this check, for the scopes around this one to
   * answer for; but for what is reached through the test's own objects, which nobody closes.
   */
  private void addClosedLater(Set<Object> shared) {
    Collection<?> closed = scope.options().closedLater().get();
    if (closed.isEmpty()) {
      return;
    }
    List<Object> own = new ArrayList<>();
    for (Scope around = scope; around != null; around = around.parent()) {
      own.addAll(around.instances());
    }
    closed.forEach(object -> Holding.add(object, shared));
    Holding.addAll(ObjectGraph.reach(closed, List.of(), own), shared);
  }

  /** Whether an executor is its class's one for everybody. */
  boolean isSingleton(ExecutorService executor) {
    return ofClasses.isSingleton(executor);
  }

  /** The class of the program's that keeps it for everybody, or null if none does. */
  @Nullable Class<?> keeper(Object executor) {
    return ofClasses.keeper(executor);
  }

  /** Whether the objects of a scope around this one led to a process when first asked. */
  boolean isShared(ProcessHandle process) {
    for (Object object : sharedAtFirst.get()) {
      if (JdkServices.isProcess(object)
          && object instanceof Process held
          && held.pid() == process.pid()
          && held.isAlive()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the objects of a scope around this one led to something when first asked. */
  boolean isShared(@Nullable Object object) {
    return object != null && sharedAtFirst.get().contains(object);
  }

  boolean isHeldByOthers(Object object) {
    return others().has(object);
  }

  /** Whether somebody else's objects lead to a queue of the test's. */
  boolean isGivenToOthers(BlockingQueue<?> queue) {
    return others().hasBeenGiven(queue);
  }

  /** Whether it is known that somebody else's objects hold a new thread; otherwise they may. */
  boolean areKnownFor(Thread thread) {
    return known.have(thread);
  }

  /** What somebody else's objects hold; looked for once a check. */
  private OthersThings others() {
    if (others == null) {
      others = new OthersThings(check);
    }
    return others;
  }

  /** Threads that older objects started and no field holds. */
  FixtureThreads fixtures() {
    if (fixtures == null) {
      fixtures = new FixtureThreads(check, others());
    }
    return fixtures;
  }

  /** Sentences about what came in the scope and is somebody else's. */
  Collection<String> mentioned() {
    List<String> mentioned = new ArrayList<>(ofClasses.mentioned());
    mentioned.addAll(others == null ? known.mentioned() : others.mentioned());
    if (fixtures != null) {
      mentioned.addAll(fixtures.mentioned());
    }
    return mentioned;
  }

  /**
   * Whether any of some objects is somebody else's to answer for: objects of a scope around this
   * one lead to it, or another extension's.
   */
  boolean isOfOthers(Collection<?> objects) {
    Roots roots = rootsAround();
    return ObjectGraph.leadsTo(roots.instances, roots.classes, scope.instances(), objects);
  }

  /** Objects of some classes that are somebody else's in the same way. */
  List<Object> ofOthers(Predicate<Class<?>> types) {
    Roots roots = rootsAround();
    return ObjectGraph.ofTypes(roots.instances, roots.classes, scope.instances(), types);
  }

  /** Whether it is another extension's objects that lead to any of some objects. */
  boolean isOfExtensions(Collection<?> objects) {
    Roots roots = extensions();
    return ObjectGraph.leadsTo(roots.instances, roots.classes, scope.instances(), objects);
  }

  private Roots extensions() {
    return Roots.of(scope.options().others().get());
  }

  private Roots rootsAround() {
    Roots roots = extensions();
    for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
      roots.instances.addAll(outer.instances());
      roots.classes.addAll(outer.classes());
    }
    return roots;
  }

  /** Whether another extension's object made an executor for itself since the scope opened. */
  boolean isLeftAlone(Object executor) {
    return isShared(executor) && leftAlone.contains(executor);
  }

  /**
   * Whether a scope around this one answers for a shutdown hook, or another extension: its objects
   * lead there, or an object in a field of its owners registered the hook as it was used, which the
   * test did not make.
   */
  boolean isOfFixture(ShutdownHookBirth birth) {
    if (isShared(birth.registered())) {
      return true;
    }
    TestsOwn testsOwn = new TestsOwn(check);
    for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
      for (Object fixture : ObjectGraph.values(outer.instances(), outer.classes())) {
        if (!Fields.isJdk(fixture.getClass())
            && MadeBy.one(
                fixture,
                birth,
                (object, callers) -> testsOwn.isMadeBy(callers, object.getClass()))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whose fields are followed: those of objects, and the static ones of classes. */
  record Roots(List<Object> instances, List<Class<?>> classes) {

    static Roots of(Collection<?> owners) {
      Roots roots = new Roots(new ArrayList<>(), new ArrayList<>());
      for (Object owner : owners) {
        if (owner instanceof Class<?> type) {
          roots.classes.add(type);
        } else {
          roots.instances.add(owner);
        }
      }
      return roots;
    }
  }
}
