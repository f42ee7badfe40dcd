package com.example.shop;

import dev.leakcheck.model.LeakKind;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says what a test of the demo leaves behind on purpose; on a class, what its fixture leaves. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@interface Leaves {

  /** The kind of each finding that has to be reported for this very test. */
  LeakKind[] value();
}
