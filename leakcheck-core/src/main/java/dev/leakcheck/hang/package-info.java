/** Looks at what hangs while it hangs. */
@NullMarked
package dev.leakcheck.hang;

import org.jspecify.annotations.NullMarked;
