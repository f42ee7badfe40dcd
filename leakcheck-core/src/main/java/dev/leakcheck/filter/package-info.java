/** What is left alone, and why: benign threads and the user's allowances. */
@NullMarked
package dev.leakcheck.filter;

import org.jspecify.annotations.NullMarked;
