package dev.leakcheck.capture.base;

import org.jspecify.annotations.Nullable;

/**
 * A private field of a thread. Since Java 19 some are in an object of their own, which the thread
 * holds. Thread-safe.
 */
public final class ThreadField {

  private static final int FIRST_WITH_HOLDER = 19;

  private static final JdkField HOLDER = JdkField.of("java.lang.Thread", "holder");

  /** What it was made to run. */
  public static final ThreadField TASK = of("target", "task");

  private final JdkField field;

  private ThreadField(JdkField field) {
    this.field = field;
  }

  /**
   * A field that was moved.
   *
   * @param before its name in {@code Thread}, before Java 19
   * @param since its name in the object of its own
   * @return the field
   */
  public static ThreadField of(String before, String since) {
    return new ThreadField(
        Jdk.FEATURE < FIRST_WITH_HOLDER
            ? JdkField.of("java.lang.Thread", before)
            : JdkField.of("java.lang.Thread$FieldHolder", since));
  }

  /**
   * Its value.
   *
   * @param thread a thread
   * @return the value, a number boxed; null if it holds null or cannot be read
   */
  public @Nullable Object read(Thread thread) {
    return field.read(Jdk.FEATURE < FIRST_WITH_HOLDER ? thread : HOLDER.read(thread));
  }

  /**
   * Whether it can be read.
   *
   * @return false if it does not exist, or the JDK keeps it closed
   */
  public boolean isReadable() {
    return field.isReadable();
  }
}
