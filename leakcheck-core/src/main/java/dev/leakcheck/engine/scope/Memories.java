package dev.leakcheck.engine.scope;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each inspector remembers of a scope until it is checked. Thread-safe once it is filled. */
public final class Memories {

  /** Of a scope that nobody inspects. */
  public static final Memories NONE = new Memories(List.of());

  private final List<?> inspectors;
  private final @Nullable Object[] values;

  /** Of a scope that these inspectors are to look at. */
  public Memories(List<?> inspectors) {
    this.inspectors = inspectors;
    this.values = new @Nullable Object[inspectors.size()];
  }

  /** Remembers something for an inspector, before the scope's code runs. */
  public void put(int inspector, @Nullable Object value) {
    values[inspector] = value;
  }

  /** What the inspector with a number remembers, or null if that is nothing. */
  public @Nullable Object get(int inspector) {
    return values[inspector];
  }

  /** What an inspector remembers, or null if that is nothing. */
  public @Nullable Object of(Object inspector) {
    for (int i = 0; i < values.length; i++) {
      if (inspectors.get(i) == inspector) {
        return values[i];
      }
    }
    return null;
  }
}
