/** Turns findings into words. */
@NullMarked
package dev.leakcheck.report;

import org.jspecify.annotations.NullMarked;
