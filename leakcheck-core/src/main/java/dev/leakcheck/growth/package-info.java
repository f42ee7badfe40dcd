/** Repeats a body and tells what grows. */
@NullMarked
package dev.leakcheck.growth;

import org.jspecify.annotations.NullMarked;
