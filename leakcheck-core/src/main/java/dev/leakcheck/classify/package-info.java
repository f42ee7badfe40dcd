/** Turns what is new into findings: one for each cause. Pure functions over the model. */
@NullMarked
package dev.leakcheck.classify;

import org.jspecify.annotations.NullMarked;
