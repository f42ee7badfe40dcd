/** What is left alone, and why: threads, origins and thread-locals that are known to be benign. */
@NullMarked
package dev.leakcheck.filter;

import org.jspecify.annotations.NullMarked;
