/** Reports, thread dumps and samples of many JVMs as rows of one table, and what ranks them. */
@NullMarked
package dev.leakcheck.cli.fleet;

import org.jspecify.annotations.NullMarked;
