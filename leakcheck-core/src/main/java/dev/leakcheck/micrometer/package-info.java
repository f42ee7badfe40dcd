/** Metrics for Micrometer; needs {@code micrometer-core} on the class path. */
@NullMarked
package dev.leakcheck.micrometer;

import org.jspecify.annotations.NullMarked;
