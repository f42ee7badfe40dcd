/** What {@code -javaagent} starts: hooks in the JDK that record what is made. */
@NullMarked
package dev.leakcheck.agent;

import org.jspecify.annotations.NullMarked;
