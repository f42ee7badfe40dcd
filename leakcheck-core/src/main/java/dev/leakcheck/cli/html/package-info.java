/** The HTML report: one file that needs nothing else. */
@NullMarked
package dev.leakcheck.cli.html;

import org.jspecify.annotations.NullMarked;
