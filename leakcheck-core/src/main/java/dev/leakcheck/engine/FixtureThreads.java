package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Constructions;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.capture.threads.OwnThreads;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.MadeBy;
import dev.leakcheck.model.ThreadRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * New threads that no field holds and that are an older object's all the same, as those are which a
 * fixture starts as it is used and stops with a flag. What the thread {@linkplain ThreadCode runs}
 * is code of an object that the scopes around this one lead to, or another extension, and that the
 * thread was given. With an agent a method of that object made it as well, or of one on the way to
 * it, and not the test for an object that it made itself. Where it cannot be read what a thread was
 * given, whose code it runs has to do, if the test makes no such objects.
 *
 * <p>The scopes around this one answer for these threads; nobody does for what another extension's
 * objects started. Used by one thread.
 */
final class FixtureThreads {

  private final Suspicion check;
  private final Scope scope;
  private final OthersThings others;
  private final TestsOwn testsOwn;
  private final Set<Object> ofExtensions = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> mentioned = new LinkedHashSet<>();

  /** Of virtual threads that only dumps list, by the class of their code. */
  private final Map<String, Boolean> virtual = new HashMap<>();

  FixtureThreads(Suspicion check, OthersThings others) {
    this.check = check;
    this.scope = check.scope();
    this.others = others;
    this.testsOwn = new TestsOwn(check);
  }

  /** Those among them that objects of other extensions started. */
  Set<Object> ofExtensions() {
    return ofExtensions;
  }

  /** Sentences about what came in the scope and is left alone. */
  Set<String> mentioned() {
    return mentioned;
  }

  void mention(String leftAlone) {
    mentioned.add(leftAlone);
  }

  /** All that are there now, and what threads made that are older. */
  Set<Object> all() {
    Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
    List<ThreadCode> candidates = candidates();
    if (!candidates.isEmpty()) {
      Ways ways = new Ways(candidates);
      for (ThreadCode code : candidates) {
        if (isTheirs(code, ways)) {
          all.add(code.thread());
        }
      }
    }
    new MadeByOlder(check, this).addTo(all);
    return all;
  }

  private List<ThreadCode> candidates() {
    List<Thread> threads = new ArrayList<>(check.newcomers().mayHold());
    threads.removeIf(
        thread ->
            !thread.isAlive()
                || !check.isOurs(LiveThreads.id(thread))
                || OwnThreads.has(thread)
                || WorkerExecutors.of(thread) != null
                || check.born().executorOf(thread).isPresent());
    Map<Long, Thread> byId = new HashMap<>();
    threads.forEach(thread -> byId.put(LiveThreads.id(thread), thread));
    List<ThreadCode> candidates = new ArrayList<>();
    for (ThreadRecord record : LiveThreads.describe(threads)) {
      ThreadCode code = ThreadCode.of(byId.get(record.id()), record, this::isTests);
      if (code.isKnown()) {
        candidates.add(code);
      }
    }
    return candidates;
  }

  /** Whether a virtual thread that only a dump lists is an older object's. */
  boolean has(ThreadRecord thread) {
    ThreadCode code = ThreadCode.of(null, thread, this::isTests);
    return code.isKnown()
        && virtual.computeIfAbsent(
            String.valueOf(code.code()), type -> isTheirs(code, new Ways(List.of(code))));
  }

  private boolean isTheirs(ThreadCode code, Ways ways) {
    for (Holding held : ways.around) {
      List<Object> way = way(held, false);
      if (isTheirs(code, held.object(), way) && isMadeBy(code, held.object(), way, true)) {
        return true;
      }
    }
    for (Holding held : ways.beside) {
      List<Object> way = way(held, true);
      if (isTheirs(code, held.object(), way) && isMadeBy(code, held.object(), way, false)) {
        Object root = held.way().get(held.way().size() - 1);
        if (others.isOfExtension(root) && code.thread() != null) {
          ofExtensions.add(code.thread());
          mentioned.add(
              OthersThings.what(code.thread())
                  + " started by an older object: "
                  + held.holder().path());
        }
        return true;
      }
    }
    return false;
  }

  /** What a holding tells of, and the objects that lead to it. */
  private List<Object> way(Holding held, boolean withRoot) {
    List<Object> way = new ArrayList<>();
    way.add(held.object());
    way.addAll(held.way());
    if (!withRoot || way.get(way.size() - 1) instanceof Class) {
      way.remove(way.size() - 1);
    }
    Set<Class<?>> tests = testClasses(); // a leak of an earlier test leads to its instance
    way.removeIf(object -> object.getClass().isHidden() || tests.contains(object.getClass()));
    return way;
  }

  private boolean isTheirs(ThreadCode code, Object reached, List<Object> way) {
    for (Object object : way) {
      if (code.isOf(object, reached)) {
        return !isTests(object);
      }
    }
    return false;
  }

  private boolean isMadeBy(ThreadCode code, Object reached, List<Object> way, boolean around) {
    Birth birth = code.thread() == null ? null : check.born().birth(code.thread()).orElse(null);
    if (birth == null) {
      return !code.runners().isEmpty() || !isMadeByTest(reached.getClass());
    }
    List<Object> objects = new ArrayList<>();
    for (Object runner : code.runners()) {
      if (!runner.getClass().isHidden() && way.stream().noneMatch(one -> one == runner)) {
        objects.add(runner);
      }
    }
    objects.addAll(way);
    return MadeBy.any(objects, birth, testsOwn::has)
        || (around
            && code.isOf(reached, reached)
            && way.stream().anyMatch(object -> isStartedWith(object.getClass(), birth)));
  }

  /** Whether a constructor or a static method of a class started something. */
  private static boolean isStartedWith(Class<?> type, Birth birth) {
    return birth.stack().stream()
        .anyMatch(
            frame ->
                frame.getClassName().equals(type.getName()) && !MadeBy.isOfObjects(type, frame));
  }

  /** Whether an object that others lead to is likely to be the test's, which gave it to them. */
  private boolean isTests(Object object) {
    if (!isMadeByTest(object.getClass())) {
      return false;
    }
    for (Scope around = scope.parent(); around != null; around = around.parent()) {
      for (Object value : ObjectGraph.values(around.instances(), around.classes())) {
        if (value == object) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether a test class makes objects of a class, and not once for all its tests. */
  boolean isMadeByTest(Class<?> type) {
    for (Class<?> code : testClasses()) {
      if (Constructions.besideBeforeAll(code, isMadeOnce(code), type)) {
        return true;
      }
    }
    return false;
  }

  /** Whether all tests of a class share one instance. */
  private boolean isMadeOnce(Class<?> test) {
    for (Scope around = scope.parent(); around != null; around = around.parent()) {
      if (around.instances().stream().anyMatch(test::isInstance)) {
        return true;
      }
    }
    return false;
  }

  /** Whether code is in the source of a test class, lambdas and all. */
  boolean isTests(String code) {
    return testsOwn.isTestClass(code);
  }

  /** The classes that this scope and those around it watch, and what they extend. */
  private Set<Class<?>> testClasses() {
    Set<Class<?>> tests = new LinkedHashSet<>();
    for (Scope around = scope; around != null; around = around.parent()) {
      List<Class<?>> watched = new ArrayList<>(around.classes());
      around.instances().forEach(instance -> watched.add(instance.getClass()));
      for (Class<?> each : watched) {
        for (Class<?> type = each;
            type != null && !Fields.isJdk(type);
            type = type.getSuperclass()) {
          tests.add(type);
        }
      }
    }
    return tests;
  }

  /** Those of some classes, by name, whose code is that of older objects. */
  Set<String> older(Set<String> classes) {
    List<ThreadCode> codes = classes.stream().map(ThreadCode::of).toList();
    Ways ways = new Ways(codes);
    Set<String> older = new HashSet<>();
    Stream.concat(ways.around.stream(), ways.beside.stream())
        .map(Holding::object)
        .filter(object -> !isTests(object))
        .forEach(object -> addCode(codes, object.getClass(), older));
    return older;
  }

  private static void addCode(List<ThreadCode> codes, Class<?> type, Set<String> older) {
    for (ThreadCode each : codes) {
      if (each.isFrameOf(type)) {
        older.add(String.valueOf(each.code()));
      }
    }
  }

  /** How the scopes around this one, and others beside them, lead to what threads were given. */
  private final class Ways {
    private final List<Holding> around;
    private final List<Holding> beside;

    Ways(Collection<ThreadCode> candidates) {
      Set<Class<?>> tests = testClasses();
      Map<Class<?>, Boolean> wanted = new HashMap<>();
      Set<Object> given = Collections.newSetFromMap(new IdentityHashMap<>());
      candidates.forEach(code -> given.addAll(code.given()));
      Owners.Roots roots = new Owners.Roots(new ArrayList<>(), new ArrayList<>());
      List<Object> own = new ArrayList<>(scope.instances());
      for (Scope outer = scope.parent(); outer != null; outer = outer.parent()) {
        roots.instances().addAll(outer.instances());
        roots.classes().addAll(outer.classes());
      }
      own.removeIf(object -> roots.instances().stream().anyMatch(outer -> outer == object));
      Predicate<Object> sought =
          object ->
              given.contains(object)
                  || wanted.computeIfAbsent(
                      object.getClass(),
                      type ->
                          !tests.contains(type)
                              && candidates.stream().anyMatch(code -> code.isFrameOf(type)));
      around = ObjectGraph.ways(roots.instances(), roots.classes(), own, sought);
      beside = others.ways(sought);
    }
  }
}
