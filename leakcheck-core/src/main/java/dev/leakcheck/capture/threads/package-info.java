/** Looks at threads, platform and virtual, at their counters, and at what a dump says of them. */
@NullMarked
package dev.leakcheck.capture.threads;

import org.jspecify.annotations.NullMarked;
