/** Writes what checks find into files, while tests run. */
@NullMarked
package dev.leakcheck.recorder;

import org.jspecify.annotations.NullMarked;
