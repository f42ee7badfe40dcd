/**
 * Looks at objects: what fields lead to, and what an executor, queue, lock or thread-local holds.
 */
@NullMarked
package dev.leakcheck.capture.objects;

import org.jspecify.annotations.NullMarked;
