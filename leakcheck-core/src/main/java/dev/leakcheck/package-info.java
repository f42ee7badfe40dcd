/**
 * The entry points: {@link dev.leakcheck.LeakCheck}, {@link dev.leakcheck.LeakScope} and their
 * options; and, not public, the pipeline behind them.
 */
@NullMarked
package dev.leakcheck;

import org.jspecify.annotations.NullMarked;
