package dev.leakcheck.engine.tier;

import dev.leakcheck.capture.threads.LiveThreads;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * With an agent: what was made in the scope is new, however many things are alive, and whatever
 * others make at the same time.
 */
public final class NewByBirth implements Newcomers {

  private final Born born;
  private @Nullable Set<Long> threads;

  public NewByBirth(Born born) {
    this.born = born;
  }

  @Override
  public boolean nothing() {
    return born.isEmpty();
  }

  @Override
  public List<Thread> threads() {
    return born.threads();
  }

  /** A thread of a scope beside this one is as new as this scope's own: it tells of no old pool. */
  @Override
  public boolean isNewPlatform(long id) {
    Set<Long> known = threads;
    if (known == null) {
      known = new HashSet<>();
      for (Thread thread : LiveThreads.all()) {
        if (born.has(thread) || born.isBeside(thread)) {
          known.add(LiveThreads.id(thread));
        }
      }
      threads = known;
    }
    return known.contains(id);
  }

  @Override
  public boolean isNewVirtual(long id) {
    return false; // they are among the threads
  }

  @Override
  public boolean mayHaveVirtual() {
    return false;
  }

  @Override
  public boolean isNew(String executor) {
    return born.hasExecutor(executor);
  }
}
