/**
 * The only place that calls a method of an object which LeakCheck merely found. What may be called
 * is in {@link dev.leakcheck.capture.ask.Answers}; all else of such an object is read from fields.
 */
@NullMarked
package dev.leakcheck.capture.ask;

import org.jspecify.annotations.NullMarked;
