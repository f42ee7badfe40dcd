/**
 * Plants a leak of each kind in a JVM of its own and tells which of them are found. What is planted
 * is never clean up code to copy: see the kinds' pages for that.
 */
@NullMarked
package dev.leakcheck.cli.doctor;

import org.jspecify.annotations.NullMarked;
