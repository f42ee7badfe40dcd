/** Looks at the running JVM: one source for each thing that is captured. */
@NullMarked
package dev.leakcheck.capture;

import org.jspecify.annotations.NullMarked;
