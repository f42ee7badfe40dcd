/** Watches a JVM's threads from inside: which groups of them grow, and which sit unchanged. */
@NullMarked
package dev.leakcheck.monitor;

import org.jspecify.annotations.NullMarked;
