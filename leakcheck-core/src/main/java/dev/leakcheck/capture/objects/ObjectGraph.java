package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Contents;
import dev.leakcheck.capture.ask.Outcomes;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.model.Holder;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows fields from a test's own objects to the threads, executors, queues and locks that they
 * hold. This names the owner of a leak without an agent, and tells what a class fixture holds from
 * what a test made.
 *
 * <p>User and library objects are followed through their fields, breadth first, so that the
 * shortest path is the one that is told; of the JDK's classes only those are whose {@linkplain
 * Contents contents} may be asked for. {@code equals}, {@code hashCode} and {@code toString} are
 * never called. Not thread-safe.
 */
public final class ObjectGraph {

  /** So many objects are met and followed at most, in a small heap fewer. */
  private static final int MAX_OBJECTS =
      (int) Math.max(50_000, Math.min(500_000, Runtime.getRuntime().maxMemory() / 2048));

  /** What is in the fields of the objects around comes before more elements of one collection. */
  private static final int FIRST_ELEMENTS = 1000;

  private final Map<Object, Boolean> seen = new IdentityHashMap<>();
  private final Deque<GraphNode> first = new ArrayDeque<>();
  private final Deque<GraphNode> open = new ArrayDeque<>();
  private final Deque<GraphNode> last = new ArrayDeque<>();
  final List<Holding> found = new ArrayList<>();
  private final Stops stops = new Stops();
  private final Set<Class<?>> closedMet = new LinkedHashSet<>();

  /** What is not followed. */
  private final Predicate<Object> opaque;

  /** Where it is in the collection that is looked at. */
  private int element;

  /** What is found. */
  private final Predicate<Object> target;

  /** What is followed before all else. */
  private final Predicate<Object> likely;

  private ObjectGraph(Predicate<Object> opaque) {
    this(opaque, Targets::is, value -> false);
  }

  ObjectGraph(Predicate<Object> opaque, Predicate<Object> target, Predicate<Object> likely) {
    this.opaque = opaque;
    this.target = target;
    this.likely = likely;
  }

  /**
   * Threads, executors, blocking queues, locks, barriers, HTTP clients, processes, {@linkplain
   * JdkServices services of the JDK's} and {@linkplain HiddenTimers timers without a thread} that
   * can be reached.
   *
   * @param instances objects whose fields are followed
   * @param statics classes whose own static fields are followed
   * @return each object once, nearest first
   */
  public static List<Holding> reach(Collection<?> instances, Collection<Class<?>> statics) {
    return reach(instances, statics, List.of());
  }

  /**
   * The same, but for what can be reached through certain objects only.
   *
   * @param instances objects whose fields are followed
   * @param statics classes whose own static fields are followed
   * @param closed objects that are not followed
   * @return each object once, nearest first
   */
  public static List<Holding> reach(
      Collection<?> instances, Collection<Class<?>> statics, Collection<?> closed) {
    return reach(instances, statics, closed, Passage::isOpaque);
  }

  /**
   * The same, and what can be reached through objects that belong to loggers. These lead from any
   * logger to all, so that it tells who holds a thing, and not whose it is.
   *
   * @param instances objects whose fields are followed
   * @param statics classes whose own static fields are followed
   * @return each object once, nearest first
   */
  public static List<Holding> reachThroughLoggers(
      Collection<?> instances, Collection<Class<?>> statics) {
    return reach(instances, statics, List.of(), Passage::isOpaqueBesideLoggers);
  }

  private static List<Holding> reach(
      Collection<?> instances,
      Collection<Class<?>> statics,
      Collection<?> closed,
      Predicate<Object> opaque) {
    return walk(instances, statics, closed, new ObjectGraph(opaque)).found;
  }

  private static ObjectGraph walk(
      Collection<?> instances, Collection<Class<?>> statics, Collection<?> closed) {
    return walk(instances, statics, closed, new ObjectGraph(Passage::isOpaque));
  }

  private static ObjectGraph walk(
      Collection<?> instances,
      Collection<Class<?>> statics,
      Collection<?> closed,
      ObjectGraph graph) {
    graph.begin(instances, statics, closed);
    while (graph.step()) {}
    return graph;
  }

  void begin(Collection<?> instances, Collection<Class<?>> statics, Collection<?> closed) {
    closed.forEach(object -> seen.put(object, true));
    instances.forEach(this::addRoot);
    statics.forEach(this::addStatics);
  }

  /** Begins with an object that is followed as any on the way is. */
  void beginAt(Object object) {
    seen.put(object, true);
    expand(new GraphNode(object, null, "", 0, object));
  }

  /**
   * Whether any of some objects can be reached from others.
   *
   * @param instances objects whose fields are followed
   * @param statics classes whose own static fields are followed
   * @param closed objects that are not followed
   * @param wanted the objects; those that are followed, or closed, do not count
   * @return true if one of them can be reached
   */
  public static boolean leadsTo(
      Collection<?> instances,
      Collection<Class<?>> statics,
      Collection<?> closed,
      Collection<?> wanted) {
    return !reached(instances, statics, closed, wanted).isEmpty();
  }

  /**
   * Which of some objects can be reached from others, under the same conditions.
   *
   * @param instances objects whose fields are followed
   * @param statics classes whose own static fields are followed
   * @param closed objects that are not followed
   * @param wanted the objects; those that are followed, or closed, do not count
   * @return each of them once
   */
  public static List<Object> reached(
      Collection<?> instances,
      Collection<Class<?>> statics,
      Collection<?> closed,
      Collection<?> wanted) {
    Set<Object> sought = Collections.newSetFromMap(new IdentityHashMap<>());
    sought.addAll(wanted);
    sought.removeIf(one -> isAmong(one, instances) || isAmong(one, closed));
    if (!sought.isEmpty()) {
      sought.retainAll(walk(instances, statics, closed).seen.keySet());
    }
    return List.copyOf(sought);
  }

  /**
   * The objects of some classes that can be reached from others, under the same conditions, and
   * those that are followed themselves.
   *
   * @param types which classes are meant
   * @return each object once, in no order
   */
  public static List<Object> ofTypes(
      Collection<?> instances,
      Collection<Class<?>> statics,
      Collection<?> closed,
      Predicate<Class<?>> types) {
    return walk(instances, statics, closed).seen.keySet().stream()
        .filter(object -> types.test(object.getClass()) && !isAmong(object, closed))
        .toList();
  }

  private static boolean isAmong(Object object, Collection<?> objects) {
    return objects.stream().anyMatch(one -> one == object);
  }

  /**
   * How some objects can be reached from others, under the same conditions.
   *
   * @param wanted which objects are meant; it calls none of their methods
   * @return each object once, nearest first; of what is followed itself nothing
   */
  public static List<Holding> ways(
      Collection<?> instances,
      Collection<Class<?>> statics,
      Collection<?> closed,
      Predicate<Object> wanted) {
    return walk(
            instances, statics, closed, new ObjectGraph(Passage::isOpaque, wanted, value -> false))
        .found;
  }

  /**
   * The classes on the way whose fields cannot be read, as their modules do not open them.
   *
   * @param instances objects whose fields are followed
   * @param statics classes whose own static fields are followed
   */
  static Set<Class<?>> closed(Collection<?> instances, Collection<Class<?>> statics) {
    return walk(instances, statics, List.of()).closedMet;
  }

  /**
   * What can be closed, and blocking queues, in fields of the owners themselves.
   *
   * @param instances objects whose fields are read
   * @param statics classes whose own static fields are read
   * @return each object once
   */
  public static List<Holding> direct(Collection<?> instances, Collection<Class<?>> statics) {
    List<Holding> held = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Object instance : instances) {
      for (Field field : Fields.ofInstances(instance.getClass())) {
        addDirect(Fields.read(field, instance), field, seen, held);
      }
    }
    for (Class<?> type : statics) {
      for (Field field : Fields.ofClass(type)) {
        addDirect(Fields.read(field, null), field, seen, held);
      }
    }
    return held;
  }

  /**
   * What the fields of the owners themselves hold.
   *
   * @param instances objects whose fields are read
   * @param statics classes whose own static fields are read
   * @return the values, without nulls
   */
  public static List<Object> values(Collection<?> instances, Collection<Class<?>> statics) {
    List<Object> values = new ArrayList<>();
    for (Object instance : instances) {
      for (Field field : Fields.ofInstances(instance.getClass())) {
        addIfPresent(Fields.read(field, instance), values);
      }
    }
    for (Class<?> type : statics) {
      for (Field field : Fields.ofClass(type)) {
        addIfPresent(Fields.read(field, null), values);
      }
    }
    return values;
  }

  private static void addIfPresent(@Nullable Object value, List<Object> values) {
    if (value != null) {
      values.add(value);
    }
  }

  private static void addDirect(
      @Nullable Object value, Field field, Set<Object> seen, List<Holding> held) {
    if (value != null && Targets.isClosed(value) && seen.add(value)) {
      held.add(new Holding(value, new Holder(GraphNode.name(field), null, null)));
    }
  }

  private void addRoot(Object instance) {
    if (seen.put(instance, true) == null) {
      for (Field field : Fields.ofInstances(instance.getClass())) {
        visit(Fields.read(field, instance), null, field, 1, instance);
      }
    }
  }

  private void addStatics(Class<?> type) {
    for (Field field : Fields.ofClass(type)) {
      visit(Fields.read(field, null), null, field, 1, type);
    }
  }

  /** Follows the next object; false if there is none. */
  boolean step() {
    Deque<GraphNode> next = !first.isEmpty() ? first : open.isEmpty() ? last : open;
    GraphNode node = next.poll();
    if (node != null) {
      expand(node);
    }
    return node != null;
  }

  private void visit(@Nullable Object value, GraphNode parent, Object edge, int depth) {
    visit(value, parent, edge, depth, parent.root());
  }

  private void visit(
      @Nullable Object value, @Nullable GraphNode parent, Object edge, int depth, Object root) {
    if (value == null
        || depth > Holder.MAX_STEPS
        || seen.size() >= MAX_OBJECTS
        || opaque.test(value)
        || seen.put(value, true) != null) {
      return;
    }
    GraphNode node = new GraphNode(value, parent, edge, depth, root);
    if (target.test(value)) {
      found.add(
          new Holding(
              value,
              depth == 1,
              new Holder(
                  node.path(),
                  node.named(),
                  parent == null ? null : parent.owner(stops),
                  parent == null ? null : parent.holderType()),
              node.way(),
              node.isElement()));
    }
    if (!Passage.isEnd(value)) {
      (likely.test(value) ? first : element < FIRST_ELEMENTS ? open : last).add(node);
    }
  }

  private void expand(GraphNode node) {
    element = 0;
    Object object = node.object();
    int depth = node.depth() + 1;
    Class<?> type = object.getClass();
    if (object instanceof Timer) {
      visit(HiddenTimers.thread(object), node, "", depth);
    }
    if (GivenExecutors.mayHave(object)) {
      visit(GivenExecutors.of(object), node, GivenExecutors.call(object), depth);
    }
    JdkServices.parts(object).forEach(part -> visit(part, node, "", depth));
    if (object instanceof FutureTask<?> task && Passage.isStore(type)) {
      visit(Outcomes.of(task), node, "", depth);
    } else if (object instanceof Object[] array) {
      for (element = 0; element < array.length && element < MAX_OBJECTS; element++) {
        visit(array[element], node, element, depth);
      }
    } else if (!Fields.isJdk(type)) {
      visit(Outcomes.handler(object), node, GraphNode.HANDLER, depth);
      closedMet.addAll(Fields.closedToInstances(type));
      for (Field field : Fields.ofInstances(type)) {
        visit(Fields.read(field, object), node, field, depth);
      }
      expandCollection(object, node, depth);
    } else if (object instanceof AtomicReferenceArray<?> array) {
      Contents.forEach(array, value -> visit(value, node, element++, depth));
    } else if (Passage.isWrapper(type)) {
      visit(Passage.wrapped(object), node, "", depth);
    } else {
      visit(Outcomes.of(object), node, ".get()", depth);
      expandCollection(object, node, depth);
    }
  }

  private void expandCollection(Object object, GraphNode node, int depth) {
    if (object instanceof Map<?, ?> map) {
      Contents.forEach(
          map,
          (key, value) -> {
            visit(key, node, "{key}", depth);
            visit(value, node, "{value}", depth);
            element++;
          });
    } else if (object instanceof Collection<?> collection) {
      Contents.forEach(collection, value -> visit(value, node, element++, depth));
    }
  }
}
