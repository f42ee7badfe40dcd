/** AssertJ entry point; needs {@code assertj-core} on the class path. */
@NullMarked
package dev.leakcheck.assertj;

import org.jspecify.annotations.NullMarked;
