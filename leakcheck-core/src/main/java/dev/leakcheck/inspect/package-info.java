/**
 * One pair of files for each way in which a scope goes wrong besides leaving something alive: an
 * inspector that looks for it, and a symptom that explains it.
 */
@NullMarked
package dev.leakcheck.inspect;

import org.jspecify.annotations.NullMarked;
