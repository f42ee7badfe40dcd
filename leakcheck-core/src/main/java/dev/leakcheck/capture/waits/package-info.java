/** What a thread waits for, who could wake it, and who waits for whom. */
@NullMarked
package dev.leakcheck.capture.waits;

import org.jspecify.annotations.NullMarked;
