/**
 * The command line: the only owner of the standard streams and of exit codes. It is in the jar with
 * the classifier {@code cli} alone.
 */
@NullMarked
package dev.leakcheck.cli;

import org.jspecify.annotations.NullMarked;
