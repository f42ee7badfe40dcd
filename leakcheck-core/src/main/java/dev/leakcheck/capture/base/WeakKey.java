package dev.leakcheck.capture.base;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** Holds an object weakly, and is equal to any other that holds the same one. Thread-safe. */
public final class WeakKey extends WeakReference<Object> {

  private final int hash;

  /**
   * A key.
   *
   * @param object what it stands for
   */
  public WeakKey(Object object) {
    this(object, null);
  }

  /**
   * A key that can be dropped with its object.
   *
   * @param collected gets the key once the object is gone
   */
  public WeakKey(Object object, @Nullable ReferenceQueue<Object> collected) {
    super(object, collected);
    this.hash = System.identityHashCode(object);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    Object object = get();
    return object != null && other instanceof WeakKey key && key.refersTo(object);
  }
}
