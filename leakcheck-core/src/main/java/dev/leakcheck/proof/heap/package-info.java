/** Puts threads of this JVM to a heap dump of it. */
@NullMarked
package dev.leakcheck.proof.heap;

import org.jspecify.annotations.NullMarked;
