/** What is known of one scope and what scopes know of each other. */
@NullMarked
package dev.leakcheck.engine.scope;

import org.jspecify.annotations.NullMarked;
