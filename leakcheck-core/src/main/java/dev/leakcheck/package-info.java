/**
 * The entry points: {@link dev.leakcheck.LeakCheck}, {@link dev.leakcheck.LeakScope} and their
 * options.
 */
@NullMarked
package dev.leakcheck;

import org.jspecify.annotations.NullMarked;
