/** Which threads of another JVM, or of a heap dump in a file, nobody can ever wake. */
@NullMarked
package dev.leakcheck.cli.prove;

import org.jspecify.annotations.NullMarked;
