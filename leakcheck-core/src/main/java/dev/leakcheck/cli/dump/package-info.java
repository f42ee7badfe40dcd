/** Thread dumps of other JVMs, from files or taken of a live one, and what is wrong in them. */
@NullMarked
package dev.leakcheck.cli.dump;

import org.jspecify.annotations.NullMarked;
