package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** Looks in an {@link ObjectGraph} for few things, without going through all of it. */
public final class GraphSearch {

  private GraphSearch() {}

  /**
   * What an object itself leads to, and what it leads to through collections and arrays alone and
   * through some other objects.
   *
   * @param from an object that is followed, or a class
   * @param through which objects are followed that are not the JDK's
   * @param wanted which objects are meant; it calls none of their methods
   * @return each object once, nearest first
   */
  static List<Holding> near(Object from, Predicate<Object> through, Predicate<Object> wanted) {
    ObjectGraph graph =
        new ObjectGraph(
            value ->
                Passage.isOpaque(value)
                    || !(Fields.isJdk(value.getClass())
                        || wanted.test(value)
                        || through.test(value)),
            wanted,
            value -> false);
    if (from instanceof Class<?> type) {
      graph.begin(List.of(), List.of(type), List.of());
    } else {
      graph.beginAt(from);
    }
    while (graph.step()) {}
    return graph.found;
  }

  /**
   * How an object can be reached from others, if that is seen soon.
   *
   * @param instances objects whose fields are followed
   * @param statics classes whose own static fields are followed
   * @param closed objects that are not followed
   * @param wanted the object
   * @param likely which objects are followed before all others, as they are likely to lead there
   * @param most so many objects are followed
   * @return one way, not always the shortest; empty if it may be reached all the same
   */
  public static List<Holding> soon(
      Collection<?> instances,
      Collection<Class<?>> statics,
      Collection<?> closed,
      Object wanted,
      Predicate<Object> likely,
      int most) {
    ObjectGraph graph = new ObjectGraph(Passage::isOpaque, object -> object == wanted, likely);
    graph.begin(instances, statics, closed);
    for (int i = 0; i < most && graph.found.isEmpty() && graph.step(); i++) {}
    return graph.found;
  }
}
