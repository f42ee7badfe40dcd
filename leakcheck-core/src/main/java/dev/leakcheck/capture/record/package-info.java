/**
 * What the hooks of an agent write down as it is made, and whose it is. {@code Births} is its face;
 * the hooks call {@code BirthHooks}.
 */
@NullMarked
package dev.leakcheck.capture.record;

import org.jspecify.annotations.NullMarked;
