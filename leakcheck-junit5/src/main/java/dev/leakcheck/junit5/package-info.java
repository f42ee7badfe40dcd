/** LeakCheck for JUnit Jupiter: the extension and its annotations. */
@NullMarked
package dev.leakcheck.junit5;

import org.jspecify.annotations.NullMarked;
