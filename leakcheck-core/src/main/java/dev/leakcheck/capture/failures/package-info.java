/** Exceptions that nobody saw. */
@NullMarked
package dev.leakcheck.capture.failures;

import org.jspecify.annotations.NullMarked;
