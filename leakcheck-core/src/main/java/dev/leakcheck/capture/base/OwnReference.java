package dev.leakcheck.capture.base;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Holds an object weakly, and is known by its class for LeakCheck's own: who looks for what leads
 * to the object leaves it out.
 */
public final class OwnReference<T> extends WeakReference<T> {

  /**
   * A reference.
   *
   * @param object what it refers to
   */
  public OwnReference(T object) {
    super(object);
  }

  /**
   * What is still there of what references refer to.
   *
   * @param references the references
   * @return the objects, in order
   */
  public static List<Object> alive(Collection<? extends WeakReference<?>> references) {
    List<Object> alive = new ArrayList<>();
    for (WeakReference<?> reference : references) {
      Object object = reference.get();
      if (object != null) {
        alive.add(object);
      }
    }
    return alive;
  }
}
