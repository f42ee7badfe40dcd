package dev.leakcheck.engine.scope;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens a class that users call to the rest of this module, so that it needs no public method for
 * what is not a user's business. The class hands its opener over when it is initialised, which is
 * before there is an instance. Thread-safe.
 *
 * @param <T> what is behind it
 */
public final class Key<T> {

  /** To options that users set. */
  public static final Key<ScopeOptions> OPTIONS = new Key<>();

  private volatile @Nullable Function<Object, T> opener;

  /** The class that users call is initialised. */
  public void handOver(Function<Object, T> how) {
    opener = how;
  }

  /** What is behind an object that a user made. */
  public T open(Object face) {
    return Objects.requireNonNull(opener, "no instance without its class").apply(face);
  }
}
