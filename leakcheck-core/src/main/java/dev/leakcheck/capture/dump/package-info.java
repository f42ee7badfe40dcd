/** Takes thread dumps and reads them. */
@NullMarked
package dev.leakcheck.capture.dump;

import org.jspecify.annotations.NullMarked;
