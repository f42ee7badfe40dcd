package dev.leakcheck.capture.base;

import java.lang.ref.WeakReference;

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
}
