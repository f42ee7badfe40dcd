/** The two ways to tell what is new and whose it is: by count, and by what an agent recorded. */
@NullMarked
package dev.leakcheck.engine.tier;

import org.jspecify.annotations.NullMarked;
