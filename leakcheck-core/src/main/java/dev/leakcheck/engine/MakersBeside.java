package dev.leakcheck.engine;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.engine.tier.MadeBy;
import dev.leakcheck.model.Stacks;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Older objects that made something as they were used, and lead to it on another way than the
 * nearest one: a pool's thread is known to the connection that was made in the test, and to the
 * application's client, which made the pool for it. Only an agent sees who makes what.
 *
 * <p>Of several objects of one class the nearest to the thing is meant. What the test's own code
 * made, called by such an object, is the test's. Used by one thread.
 */
final class MakersBeside {

  private final Scope scope;
  private final TestsOwn testsOwn;
  private final List<Object> own;
  private final Function<Predicate<Object>, List<Holding>> ways;

  /**
   * @param own the test's objects, which are not followed
   * @param ways how somebody else's objects lead to some
   */
  MakersBeside(
      Scope scope,
      TestsOwn testsOwn,
      List<Object> own,
      Function<Predicate<Object>, List<Holding>> ways) {
    this.scope = scope;
    this.testsOwn = testsOwn;
    this.own = own;
    this.ways = ways;
  }

  /**
   * Those among some things that an older object made.
   *
   * @param made the things, and how they were made
   */
  Set<Object> made(Map<Object, Birth> made) {
    Set<Object> theirs = Collections.newSetFromMap(new IdentityHashMap<>());
    Map<List<StackTraceElement>, Set<Object>> together = new LinkedHashMap<>();
    Map<List<StackTraceElement>, Birth> births = new HashMap<>();
    made.forEach(
        (thing, birth) -> {
          List<StackTraceElement> frames = MadeBy.frames(birth);
          births.put(frames, birth);
          together.computeIfAbsent(frames, key -> identitySet()).add(thing);
        });
    Set<String> code = new HashSet<>();
    together.keySet().forEach(frames -> beforeTests(frames).forEach(code::add));
    List<Holding> makers = code.isEmpty() ? List.of() : ways.apply(new IsOf(code));
    together.forEach(
        (frames, things) -> theirs.addAll(made(things, births.get(frames), frames, makers)));
    return theirs;
  }

  private Set<Object> made(
      Set<Object> things, Birth birth, List<StackTraceElement> frames, List<Holding> makers) {
    int ofMaker = (int) beforeTests(frames).count();
    Map<Class<?>, Set<Object>> byClass = new LinkedHashMap<>();
    Set<Class<?>> older = new HashSet<>();
    Set<Object> makersHere = identitySet();
    for (Holding maker : makers) {
      Object object = maker.object();
      if (MadeBy.one(
          object,
          birth,
          (one, callers) ->
              frames.size() - callers.size() > ofMaker || testsOwn.has(one, callers))) {
        older.add(object.getClass());
        makersHere.add(object);
      }
      byClass.computeIfAbsent(object.getClass(), type -> identitySet()).add(object);
    }
    Set<Object> theirs = identitySet();
    for (Class<?> type : older) {
      for (Holding found :
          ObjectGraph.ways(
              byClass.getOrDefault(type, Set.of()), List.of(), own, things::contains)) {
        if (makersHere.contains(found.way().get(found.way().size() - 1))) {
          theirs.add(found.object());
        }
      }
    }
    return theirs;
  }

  /** The classes of what the test's code called last, as far as that is in the stack. */
  private Stream<String> beforeTests(List<StackTraceElement> frames) {
    return frames.stream().map(StackTraceElement::getClassName).takeWhile(code -> !isTests(code));
  }

  private boolean isTests(String code) {
    for (Scope around = scope; around != null; around = around.parent()) {
      if (Stream.concat(
              around.classes().stream(), around.instances().stream().map(Object::getClass))
          .anyMatch(test -> isOf(code, test))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOf(String code, Class<?> type) {
    for (Class<?> each = type; each != null && !Fields.isJdk(each); each = each.getSuperclass()) {
      if (Stacks.isIn(code, each.getName())) {
        return true;
      }
    }
    return false;
  }

  private static Set<Object> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** Whether an object has code of some classes. */
  private static final class IsOf implements Predicate<Object> {
    private final Set<String> code;
    private final Map<Class<?>, Boolean> known = new HashMap<>();

    IsOf(Set<String> code) {
      this.code = code;
    }

    @Override
    public boolean test(Object object) {
      return known.computeIfAbsent(
          object.getClass(), type -> code.stream().anyMatch(name -> isOf(name, type)));
    }
  }
}
