/**
 * Asks the garbage collector which virtual threads nobody alive can ever wake. {@link
 * dev.leakcheck.proof.virtual.VirtualProof} is the way in; {@link
 * dev.leakcheck.proof.virtual.Registry} keeps the JDK's list of threads whole meanwhile.
 */
@NullMarked
package dev.leakcheck.proof.virtual;

import org.jspecify.annotations.NullMarked;
