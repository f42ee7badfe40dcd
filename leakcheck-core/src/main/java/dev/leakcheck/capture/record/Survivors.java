package dev.leakcheck.capture.record;

import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.model.Origin;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Threads that outlived all scopes and keep the JVM from ending, with the scopes in which they were
 * made. Refers to the threads weakly. Thread-safe.
 */
final class Survivors {

  private final Map<WeakKey, String> madeIn = new ConcurrentHashMap<>();

  /** The last scope around a birth is closed. */
  void add(Birth birth) {
    Thread thread = birth instanceof ThreadBirth ofThread ? ofThread.alive() : null;
    if (thread != null
        && !thread.isDaemon()
        && birth.origin() instanceof Origin.Known known
        && !known.scope().isEmpty()) {
      madeIn.keySet().removeIf(earlier -> earlier.refersTo(null));
      madeIn.put(new WeakKey(thread), known.scope());
    }
  }

  @Nullable String madeIn(Thread thread) {
    return madeIn.get(new WeakKey(thread));
  }
}
