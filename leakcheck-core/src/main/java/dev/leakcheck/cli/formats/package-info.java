/** Files in formats that other tools read. */
@NullMarked
package dev.leakcheck.cli.formats;

import org.jspecify.annotations.NullMarked;
