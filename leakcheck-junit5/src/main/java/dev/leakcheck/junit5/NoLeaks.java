package dev.leakcheck.junit5;

import dev.leakcheck.LeakCheckSettings;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test, or its class, that leaves a thread, a virtual thread, an executor or a filled
 * blocking queue behind. On a class it holds for its subclasses and nested classes too; what an
 * inner class or a method says goes before what an outer one says, and that before the
 * configuration parameters. On a class with {@code @Suite} it holds for all Jupiter tests that the
 * suite selects.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(LeakCheckExtension.class)
public @interface NoLeaks {

  /**
   * What is checked. Empty (the default) takes the configuration parameter {@code leakcheck.level}.
   * Only on classes; at the most one value.
   *
   * @return the level, or nothing
   */
  LeakCheckSettings.Level[] level() default {};

  /**
   * How long a check waits at the most: a number and a unit, such as {@code 3s} or {@code 500ms}.
   * Empty (the default) takes the configuration parameter {@code leakcheck.settle}.
   *
   * @return the duration, or empty
   */
  String settle() default "";

  /**
   * How often a test method is repeated, to find what grows with its repetitions: threads, virtual
   * threads, executors, elements of queues in its fields. On a class: each of its test methods. It
   * is first called twice to warm up, which is not counted; {@link
   * dev.leakcheck.GrowthOptions#of(int)} says what is found with how many.
   *
   * <p>The method alone is repeated, on the same instance and with the same arguments:
   * {@code @BeforeEach} and {@code @AfterEach} run once around all of it, and so does what other
   * extensions do around the method. A {@code @Timeout} is for all repetitions together. Each
   * invocation of a parameterized or repeated test repeats on its own. The first call that fails
   * ends the test.
   *
   * @return the number of repetitions, 5 or more; 1 to run it once whatever the class says; 0 (the
   *     default) for what an outer class says, or once
   */
  int repeat() default 0;
}
