/** For those who build LeakCheck into a test framework. */
@NullMarked
package dev.leakcheck.integration;

import org.jspecify.annotations.NullMarked;
