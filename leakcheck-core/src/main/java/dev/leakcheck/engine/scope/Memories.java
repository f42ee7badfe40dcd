package dev.leakcheck.engine.scope;

import dev.leakcheck.model.Coverage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each inspector remembers of a scope until it is checked, and what the user's probes showed
 * open. Thread-safe once it is filled.
 */
public final class Memories {

  /** Of a scope that nobody inspects. */
  public static final Memories NONE = new Memories(List.of());

  private final List<?> inspectors;
  private final @Nullable Object[] values;
  private final boolean[] failed;
  private final Probes probes = new Probes(this::limitedBy);
  private volatile Coverage gaps = Coverage.FULL;

  /** Of a scope that these inspectors are to look at. */
  public Memories(List<?> inspectors) {
    this.inspectors = inspectors;
    this.values = new @Nullable Object[inspectors.size()];
    this.failed = new boolean[inspectors.size()];
  }

  /** Remembers something for an inspector, before the scope's code runs. */
  public void put(int inspector, @Nullable Object value) {
    values[inspector] = value;
  }

  /** An inspector could not look before the scope's code runs: it is not to be asked later. */
  public void failed(int inspector, Coverage why) {
    failed[inspector] = true;
    limitedBy(why);
  }

  /** Whether an inspector could not look when the scope was opened. */
  public boolean hasFailed(int inspector) {
    return failed[inspector];
  }

  /** Something of the scope is not seen, whatever a check finds. */
  public synchronized void limitedBy(Coverage why) {
    gaps = gaps.and(why);
  }

  /** What the user's probes showed open. */
  public Probes probes() {
    return probes;
  }

  /** What is not seen of the scope. */
  public Coverage gaps() {
    return gaps;
  }

  /** The scope has ended: closes what has to be. A second call does nothing that the first did. */
  public void end() {
    for (Object value : values) {
      if (value instanceof AutoCloseable open) {
        try {
          open.close();
        } catch (Exception e) {
          throw new IllegalStateException("what an inspector remembers closes without that", e);
        }
      }
    }
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
