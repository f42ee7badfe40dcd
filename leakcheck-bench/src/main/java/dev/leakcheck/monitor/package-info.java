/** In the package of what it measures, to sample without the pauses that bound the cost. */
@NullMarked
package dev.leakcheck.monitor;

import org.jspecify.annotations.NullMarked;
