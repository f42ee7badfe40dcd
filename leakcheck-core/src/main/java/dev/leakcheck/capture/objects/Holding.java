package dev.leakcheck.capture.objects;

import dev.leakcheck.model.Holder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * An object that was found by following fields.
 *
 * @param object the object
 * @param direct whether a field of the owner itself holds it
 * @param holder how it was reached
 * @param way the objects on the way that are not the JDK's, nearest first, and the one that all
 *     began with, which may be a class
 * @param isElement whether it is an element of a collection or an array
 */
public record Holding(
    Object object, boolean direct, Holder holder, List<Object> way, boolean isElement) {

  /** The classes of the objects on the way, and the class that all began with. */
  public List<Class<?>> classesOnWay() {
    List<Class<?>> classes = new ArrayList<>();
    way.forEach(each -> classes.add(classOf(each)));
    return classes;
  }

  /** The class of something on the way: a class that all began with is meant itself. */
  public static Class<?> classOf(Object onWay) {
    return onWay instanceof Class<?> type ? type : onWay.getClass();
  }

  /** What a field of the owner itself holds, or what was told of. */
  public Holding(Object object, Holder holder) {
    this(object, true, holder, List.of(), false);
  }

  /**
   * Adds what was found, and of an executor that wraps another also the one that does the work.
   *
   * @param holdings what was found
   * @param objects a set by identity
   */
  public static void addAll(Collection<Holding> holdings, Set<Object> objects) {
    holdings.forEach(held -> add(held.object(), objects));
  }

  /**
   * The same for one object.
   *
   * @param object what was found
   * @param objects a set by identity
   */
  public static void add(Object object, Set<Object> objects) {
    objects.add(object);
    if (object instanceof ExecutorService executor) {
      objects.add(WorkerExecutors.unwrap(executor));
    }
  }
}
