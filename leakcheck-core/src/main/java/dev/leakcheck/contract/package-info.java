/** Assertions for code that stops when it is told to, without JUnit. */
@NullMarked
package dev.leakcheck.contract;

import org.jspecify.annotations.NullMarked;
