/** The one engine of this JVM, with everything that is plugged into it. */
@NullMarked
package dev.leakcheck.wiring;

import org.jspecify.annotations.NullMarked;
