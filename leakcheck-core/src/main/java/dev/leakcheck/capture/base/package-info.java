/** What every other capture stands on: the JDK at hand, private fields, a garbage collection. */
@NullMarked
package dev.leakcheck.capture.base;

import org.jspecify.annotations.NullMarked;
