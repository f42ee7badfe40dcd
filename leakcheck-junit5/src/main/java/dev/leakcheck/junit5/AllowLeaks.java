package dev.leakcheck.junit5;

import dev.leakcheck.model.LeakKind;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Accepts leaks, with a reason. On a class it holds for its subclasses and nested classes too, on a
 * method for the method; allowances add up. One that matches nothing is mentioned at the end of its
 * class.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(AllowLeaks.Several.class)
public @interface AllowLeaks {

  /**
   * The kinds that are accepted. Empty (the default) accepts every kind; then {@link #thread()}
   * must be given.
   *
   * @return the kinds
   */
  LeakKind[] kind() default {};

  /**
   * Pattern of thread names, in which {@code *} stands for any characters. A finding is accepted if
   * all its threads match. Empty (the default) accepts every thread.
   *
   * @return the pattern, or empty
   */
  String thread() default "";

  /**
   * Why the leak is accepted.
   *
   * @return the reason; a blank one is an error
   */
  String reason();

  /** Holds repeated annotations. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @Documented
  @interface Several {
    /**
     * The annotations.
     *
     * @return the annotations
     */
    AllowLeaks[] value();
  }
}
