/** The reports of many JVMs, read and merged. */
@NullMarked
package dev.leakcheck.cli.reports;

import org.jspecify.annotations.NullMarked;
