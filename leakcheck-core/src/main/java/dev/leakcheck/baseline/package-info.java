/** The baseline file: leaks that are known, and accepted for the time being. */
@NullMarked
package dev.leakcheck.baseline;

import org.jspecify.annotations.NullMarked;
