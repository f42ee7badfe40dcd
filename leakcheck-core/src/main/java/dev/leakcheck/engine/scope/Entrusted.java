package dev.leakcheck.engine.scope;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Threads that were ending when their scope was checked, and that a scope around it waits for: by
 * id, with who left them. Of the newest {@link Ledger#MOST}. Thread-safe.
 */
public final class Entrusted {

  private record By(long scope, String name) {}

  private final Map<Long, By> threads = new LinkedHashMap<>();

  /** A scope leaves a thread to the one around it. */
  public synchronized void add(long thread, Scope by) {
    threads.put(thread, new By(by.number(), by.options().name()));
    if (threads.size() > Ledger.MOST) {
      threads.remove(threads.keySet().iterator().next());
    }
  }

  /** The name of the scope that left a thread. */
  public synchronized Optional<String> by(long thread) {
    return Optional.ofNullable(threads.get(thread)).map(By::name);
  }

  /** Whether a scope left any. */
  public synchronized boolean isAnyOf(Scope scope) {
    for (By by : threads.values()) {
      if (by.scope == scope.number()) {
        return true;
      }
    }
    return false;
  }
}
