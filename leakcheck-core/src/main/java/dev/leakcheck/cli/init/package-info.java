/**
 * Sets LeakCheck up in a build of others: which lines of which file. What is there stays as it is
 * written, so files are read as text and never written anew from a model.
 */
@NullMarked
package dev.leakcheck.cli.init;

import org.jspecify.annotations.NullMarked;
