/**
 * Immutable data: what was seen, what it means and what could not be seen. Knows nothing but the
 * JDK.
 */
@NullMarked
package dev.leakcheck.model;

import org.jspecify.annotations.NullMarked;
