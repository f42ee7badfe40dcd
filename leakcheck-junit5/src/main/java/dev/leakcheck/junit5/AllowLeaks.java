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
   * The kinds that are accepted. Empty (the default), and without {@link #ownKind()}, accepts every
   * kind; then {@link #thread()}, {@link #createdBy()} or {@link #threadLocal()} must be given.
   *
   * @return the kinds
   */
  LeakKind[] kind() default {};

  /**
   * Kinds of your own that are accepted besides, as a {@link
   * dev.leakcheck.integration.LeakProbe#kind() LeakProbe} names them.
   *
   * @return the names, such as {@code held-lease}
   */
  String[] ownKind() default {};

  /**
   * Pattern of thread names, in which {@code *} stands for any characters. A finding is accepted if
   * all its threads match. Empty (the default) accepts every thread.
   *
   * @return the pattern, or empty
   */
  String thread() default "";

  /**
   * Pattern of class names, such as {@code com.acme.Poller} or {@code com.acme.feed.*}, in which
   * {@code *} stands for any characters. A finding is accepted if such a class, or one nested in
   * it, is among those that created it: those in the {@code created at} or {@code started at} lines
   * of the finding, and further out in the same stack. Empty (the default) accepts whoever created
   * it.
   *
   * <p>Where things are created is recorded by the agent only. Without it a pattern matches
   * nothing.
   *
   * @return the pattern, or empty
   */
  String createdBy() default "";

  /**
   * Pattern of thread-locals, such as {@code com.acme.Session.CURRENT} or {@code com.acme.cache.*}:
   * the class that declares it and the static field, in which {@code *} stands for any characters.
   * A finding is accepted if it is about such a thread-local. Empty (the default) accepts all.
   *
   * <p>Goes with the kind {@code THREAD_LOCAL_RESIDUE} alone, and not with {@link #createdBy()}. A
   * thread-local that no static field holds matches no pattern.
   *
   * @return the pattern, or empty
   */
  String threadLocal() default "";

  /**
   * Whether a finding is not accepted if its threads are proved stuck for good: nobody alive can
   * ever wake them. Takes a heap dump, as {@code leakcheck.proof} says. Where that is not asked or
   * not known, the finding is accepted.
   *
   * @return true if such a finding fails; false unless given
   */
  boolean unlessProved() default false;

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
