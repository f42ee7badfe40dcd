package dev.leakcheck.engine;

import org.jspecify.annotations.Nullable;

/**
 * What holds for a thread while it has a name: many name themselves after they were started.
 *
 * @param name the name
 * @param value what holds
 */
record ByName<V>(String name, V value) {

  static boolean isKnown(@Nullable ByName<?> known, Thread thread) {
    return known != null && known.name.equals(thread.getName());
  }
}
