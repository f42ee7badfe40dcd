/** What is left alone, and why: threads that are known to be benign. */
@NullMarked
package dev.leakcheck.filter;

import org.jspecify.annotations.NullMarked;
