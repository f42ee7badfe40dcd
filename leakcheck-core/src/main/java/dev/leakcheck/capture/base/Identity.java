package dev.leakcheck.capture.base;

/** Names an object as the JDK does in its thread dumps. */
public final class Identity {

  private Identity() {}

  /**
   * Class name and identity hash code. Calls no method of the object's.
   *
   * @param object any object
   * @return such as {@code java.util.concurrent.ForkJoinPool@1b2c3d}
   */
  public static String of(Object object) {
    return object.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(object));
  }
}
