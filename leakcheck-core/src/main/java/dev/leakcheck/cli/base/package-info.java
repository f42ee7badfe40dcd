/** What all commands have in common: how they refuse and how they exit. */
@NullMarked
package dev.leakcheck.cli.base;

import org.jspecify.annotations.NullMarked;
