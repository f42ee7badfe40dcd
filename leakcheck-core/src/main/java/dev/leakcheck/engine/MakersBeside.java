package dev.leakcheck.engine;

import dev.leakcheck.capture.objects.Holding;
import dev.leakcheck.capture.objects.ObjectGraph;
import dev.leakcheck.capture.objects.StaticFields;
import dev.leakcheck.capture.record.Birth;
import dev.leakcheck.engine.tier.MadeBy;
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

  private final TestsOwn testsOwn;
  private final List<Object> own;
  private final Function<Predicate<Object>, List<Holding>> ways;

  /**
   * @param own the test's objects, which are not followed
   * @param ways how somebody else's objects lead to some
   */
  MakersBeside(
      TestsOwn testsOwn, List<Object> own, Function<Predicate<Object>, List<Holding>> ways) {
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
    Map<List<StackTraceElement>, Map<Object, Birth>> together = new LinkedHashMap<>();
    made.forEach(
        (thing, birth) ->
            together
                .computeIfAbsent(MadeBy.frames(birth), key -> new IdentityHashMap<>())
                .put(thing, birth));
    Set<String> code = new HashSet<>();
    together.keySet().forEach(frames -> beforeTests(frames).forEach(code::add));
    List<Holding> makers = code.isEmpty() ? List.of() : ways.apply(new IsOf(code));
    Set<Object> theirs = identitySet();
    together.forEach((frames, things) -> theirs.addAll(made(things, frames, makers)));
    return theirs;
  }

  /** Those among things that one code made. */
  private Set<Object> made(
      Map<Object, Birth> things, List<StackTraceElement> frames, List<Holding> makers) {
    Birth birth = things.values().iterator().next();
    int ofMaker = (int) beforeTests(frames).count();
    Map<Class<?>, Set<Object>> byClass = new LinkedHashMap<>();
    Set<Class<?>> older = new HashSet<>();
    Set<Object> mayHave = identitySet();
    for (Holding maker : makers) {
      Object object = maker.object();
      if (MadeBy.one(
          object,
          birth,
          (one, callers) ->
              frames.size() - callers.size() > ofMaker || testsOwn.has(one, callers))) {
        older.add(object.getClass());
        mayHave.add(object);
      }
      byClass.computeIfAbsent(object.getClass(), type -> identitySet()).add(object);
    }
    Set<Object> theirs = identitySet();
    for (Class<?> type : older) {
      for (Holding found :
          ObjectGraph.ways(
              byClass.getOrDefault(type, Set.of()), List.of(), own, things::containsKey)) {
        if (mayHave.contains(found.way().get(found.way().size() - 1))) {
          theirs.add(found.object());
        }
      }
    }
    return theirs;
  }

  /** The classes of what the test's code called last, as far as that is in the stack. */
  private Stream<String> beforeTests(List<StackTraceElement> frames) {
    return frames.stream()
        .map(StackTraceElement::getClassName)
        .takeWhile(code -> !testsOwn.isTestClass(code));
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
          object.getClass(),
          type -> code.stream().anyMatch(name -> StaticFields.isCodeOf(name, type)));
    }
  }
}
