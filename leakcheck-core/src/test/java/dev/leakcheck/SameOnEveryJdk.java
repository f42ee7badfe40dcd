package dev.leakcheck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test that takes long and runs on the newest JDK only: none of its results can depend on the
 * JDK, such as what a browser makes of a report, or shorter tests show there what it shows again
 * under harder conditions.
 */
@Tag("same-on-every-jdk")
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface SameOnEveryJdk {}
