/** What LeakCheck costs, beside what others cost in the same run. */
@NullMarked
package dev.leakcheck.bench;

import org.jspecify.annotations.NullMarked;
