/**
 * The pipeline: capture, diff, filter, classify, report. Start at {@link
 * dev.leakcheck.engine.Engine}.
 */
@NullMarked
package dev.leakcheck.engine;

import org.jspecify.annotations.NullMarked;
