/**
 * Asks the garbage collector which virtual threads nobody alive can ever wake. {@link
 * dev.leakcheck.proof.virtual.VirtualProver} asks for a check, {@link
 * dev.leakcheck.proof.virtual.VirtualProof} is how.
 */
@NullMarked
package dev.leakcheck.proof.virtual;

import org.jspecify.annotations.NullMarked;
