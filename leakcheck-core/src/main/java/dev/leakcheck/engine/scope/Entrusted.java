package dev.leakcheck.engine.scope;

import dev.leakcheck.classify.Evidence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Threads that were ending when their scope was checked, and that a scope around it waits for: by
 * id, with who left them. Of the newest {@link Ledger#MOST}. Thread-safe.
 */
public final class Entrusted {

  private record By(long scope, Evidence.LeftBy left) {}

  private final Map<Long, By> threads = new LinkedHashMap<>();

  /**
   * A scope leaves a thread to the one around it.
   *
   * @param told whether it is known that the thread was told to stop
   */
  public synchronized void add(long thread, Scope by, boolean told) {
    threads.put(thread, new By(by.number(), new Evidence.LeftBy(by.options().name(), told)));
    if (threads.size() > Ledger.MOST) {
      threads.remove(threads.keySet().iterator().next());
    }
  }

  /** The scope that left a thread. */
  public synchronized Optional<Evidence.LeftBy> by(long thread) {
    return Optional.ofNullable(threads.get(thread)).map(By::left);
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
