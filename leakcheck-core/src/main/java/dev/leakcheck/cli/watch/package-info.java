/** Watches another JVM: which groups of its threads grow, and which sit unchanged. */
@NullMarked
package dev.leakcheck.cli.watch;

import org.jspecify.annotations.NullMarked;
