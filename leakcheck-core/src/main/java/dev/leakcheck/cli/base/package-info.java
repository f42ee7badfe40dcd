/** What all commands have in common: how they refuse and exit, find files and show progress. */
@NullMarked
package dev.leakcheck.cli.base;

import org.jspecify.annotations.NullMarked;
