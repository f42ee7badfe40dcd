package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Stops;
import dev.leakcheck.model.Holder;
import dev.leakcheck.model.Stacks;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Something on the way of an {@link ObjectGraph}.
 *
 * @param parent what led to it; null if a field of the root does
 * @param edge by which {@code Field}, by the element of which number, or a text
 * @param root the instance, or the class, whose field holds the first
 */
record GraphNode(Object object, @Nullable GraphNode parent, Object edge, int depth, Object root) {

  /** By it a proxy leads to what it passes its calls to. */
  static final String HANDLER = ".(handler)";

  String path() {
    return parent == null ? text() : parent.path() + text();
  }

  /**
   * The same for advice, by fields that stand in somebody's source: what a lambda or an inner class
   * has captured, and what a proxy passes its calls to, is in fields that have no such name.
   */
  String named() {
    GraphNode first = null;
    for (GraphNode node = this; node != null; node = node.parent) {
      if (node.isUnnamed()) {
        return first == null ? node.kept(noun()) : name((Field) first.edge) + after(first);
      }
      first = node.isNamed() ? node : first;
    }
    return path();
  }

  /** What leads on to this. */
  private String after(GraphNode node) {
    return node == this || parent == null ? "" : parent.after(node) + text();
  }

  private boolean isUnnamed() {
    return edge instanceof Field field
        ? field.isSynthetic() || field.getDeclaringClass().isHidden()
        : edge.equals(HANDLER);
  }

  private boolean isNamed() {
    return edge instanceof Field field
        && !isUnnamed()
        && (parent == null || !field.getDeclaringClass().getSimpleName().isEmpty());
  }

  private String noun() {
    return object instanceof ExecutorService
        ? "executor"
        : object instanceof Thread ? "thread" : simple(object.getClass());
  }

  private static String simple(Class<?> type) {
    return type.isHidden()
        ? "object"
        : type.getName().substring(type.getName().lastIndexOf('.') + 1);
  }

  /** By what the nearest field has that stands in a source. */
  private String kept(String noun) {
    GraphNode by = parent;
    while (by != null && !by.isNamed()) {
      by = by.parent;
    }
    if (by == null) {
      return path();
    }
    boolean lambda =
        by == parent
            && !Stacks.withoutLambda(by.object.getClass().getName())
                .equals(by.object.getClass().getName());
    return "the "
        + noun
        + " that the "
        + (lambda ? "lambda in " : "object in ")
        + by.named()
        + (lambda ? " has captured" : " keeps");
  }

  /** Nearly all that is met is on no way that is told: it is spelled out when it is. */
  private String text() {
    if (parent == null && edge instanceof Field field) {
      return name(field);
    }
    return edge instanceof Field field
        ? field.getDeclaringClass().isHidden() ? ".(captured)" : "." + field.getName()
        : edge instanceof Integer ? "[" + edge + "]" : edge.toString();
  }

  /** A field of an owner's own. */
  static String name(Field field) {
    return (Modifier.isStatic(field.getModifiers()) ? "static field " : "field ")
        + field.getDeclaringClass().getSimpleName()
        + "."
        + field.getName();
  }

  /** Whether it is in a collection, a map or an array. */
  boolean isElement() {
    return edge instanceof Integer || edge.toString().startsWith("{");
  }

  /** What leads here, and what all began with. */
  List<Object> way() {
    List<Object> way = new ArrayList<>();
    for (GraphNode node = parent; node != null; node = node.parent) {
      if (!Fields.isJdk(node.object.getClass())) {
        way.add(node.object);
      }
    }
    way.add(root);
    return way;
  }

  /**
   * The outermost object up to here that is there to be stopped. One that a static field of its own
   * class holds is there for everybody: what refers to it does not answer for what it has. Nor does
   * an object of the JDK's for the executor that it was given.
   */
  Holder.@Nullable Owner owner(Stops stops) {
    GraphNode outermost = null;
    String stop = null;
    for (GraphNode node = this; node != null; node = node.parent) {
      String one = stops.ofObject(node.object.getClass(), Holding.classOf(root));
      if (one != null && !GivenExecutors.mayHave(node.object)) {
        outermost = node;
        stop = one;
      }
      if (isForEverybody(node.object)) {
        break;
      }
    }
    return outermost == null || stop == null
        ? null
        : new Holder.Owner(
            outermost.path(),
            outermost.named(),
            outermost.object.getClass().getName(),
            generated(outermost.object.getClass()),
            stop,
            stop.equals("close") && outermost.object instanceof AutoCloseable);
  }

  /** What to call an object whose class has no name that anybody knows. */
  private static @Nullable String generated(Class<?> type) {
    boolean proxy = Proxy.isProxyClass(type);
    if (!proxy && !type.isHidden()) {
      return null;
    }
    Class<?>[] faces = type.getInterfaces();
    return (proxy ? "proxy" : "lambda") + (faces.length == 0 ? "" : " of " + simple(faces[0]));
  }

  private static boolean isForEverybody(Object object) {
    Class<?> type = object.getClass();
    return !Fields.isJdk(type) && StaticFields.holder(object, type) != null;
  }

  /** Class of the nearest object up to here that is not the JDK's. */
  @Nullable String holderType() {
    GraphNode node = this;
    while (node != null && Fields.isJdk(node.object.getClass())) {
      node = node.parent;
    }
    return node == null ? null : node.object.getClass().getName();
  }
}
