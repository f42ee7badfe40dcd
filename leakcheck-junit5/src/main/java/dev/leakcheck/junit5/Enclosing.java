package dev.leakcheck.junit5;

import org.jspecify.annotations.Nullable;

/** The class around a test class. */
final class Enclosing {

  private Enclosing() {}

  /**
   * The class that another is declared in.
   *
   * @return null if there is none, or if the JVM cannot tell: compilers of other languages write
   *     class files that contradict each other, and JUnit runs their tests all the same
   */
  static @Nullable Class<?> of(Class<?> type) {
    try {
      return type.getEnclosingClass();
    } catch (LinkageError e) {
      return null;
    }
  }
}
