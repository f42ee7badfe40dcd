/**
 * Reads heap dumps as HotSpot writes them, as a stream, and keeps what leads from where to where.
 */
@NullMarked
package dev.leakcheck.proof.hprof;

import org.jspecify.annotations.NullMarked;
