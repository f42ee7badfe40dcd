/**
 * Tells from a heap dump which threads nobody alive can ever wake. {@link
 * dev.leakcheck.proof.walk.Liveness} has the definition.
 */
@NullMarked
package dev.leakcheck.proof.walk;

import org.jspecify.annotations.NullMarked;
