/** Turns what is new and what else went wrong into findings: one for each cause. */
@NullMarked
package dev.leakcheck.classify;

import org.jspecify.annotations.NullMarked;
