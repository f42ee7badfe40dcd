package dev.leakcheck.engine.scope;

import dev.leakcheck.capture.base.WeakKey;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.OpenResource;
import dev.leakcheck.model.OwnKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A probe of the user's, which lists what is open. Thread-safe. */
public final class Probe {

  private static final int MOST = 10_000;

  /** Numbers outlive the wrappers: several scopes are given the same probe of the user's. */
  private static final Map<WeakKey, Numbers> NUMBERS = new HashMap<>();

  private static final AtomicLong LAST = new AtomicLong();

  private final OwnKind kind;
  private final Object of;
  private final Callable<? extends @Nullable Collection<OpenResource>> open;
  private final Numbers numbers;

  /**
   * A probe.
   *
   * @param of the user's own object
   * @param open what it is asked
   */
  public Probe(
      OwnKind kind, Object of, Callable<? extends @Nullable Collection<OpenResource>> open) {
    this.kind = kind;
    this.of = of;
    this.open = open;
    synchronized (NUMBERS) {
      NUMBERS.keySet().removeIf(other -> other.refersTo(null));
      this.numbers = NUMBERS.computeIfAbsent(new WeakKey(of), key -> new Numbers());
    }
  }

  /**
   * What it showed.
   *
   * @param open each with a number that it keeps as long as it is seen open, so that what is opened
   *     again under an old id is another; empty if it gave no answer
   * @param gap why it gave none; null if it did
   */
  public record Answer(Map<Long, OpenResource> open, @Nullable Coverage gap) {}

  /** Numbers what is open. */
  private static final class Numbers {
    private final Map<String, Long> byId = new HashMap<>();

    synchronized Map<Long, OpenResource> of(List<OpenResource> open) {
      Set<String> ids = new HashSet<>();
      open.forEach(resource -> ids.add(resource.id()));
      byId.keySet().retainAll(ids);
      Map<Long, OpenResource> numbered = new LinkedHashMap<>();
      for (OpenResource resource : open) {
        numbered.put(byId.computeIfAbsent(resource.id(), id -> LAST.incrementAndGet()), resource);
      }
      return numbered;
    }
  }

  /** What it finds. */
  public OwnKind kind() {
    return kind;
  }

  /** Whether both are the same of the user's. */
  boolean isSame(Probe other) {
    return of == other.of;
  }

  /** Asks it what is open now. */
  public Answer ask() {
    // Copied there, as the collection may be of the user's as well.
    UsersCode.Outcome<List<OpenResource>> outcome =
        UsersCode.run(
            of,
            () -> {
              Collection<OpenResource> shown = open.call();
              return shown == null ? null : checked(List.copyOf(shown));
            });
    return outcome.value() == null
        ? new Answer(Map.of(), unseen(outcome.failure()))
        : new Answer(numbers.of(outcome.value()), null);
  }

  private static List<OpenResource> checked(List<OpenResource> shown) {
    Set<String> ids = new HashSet<>();
    for (OpenResource resource : shown) {
      if (!ids.add(resource.id())) {
        throw new IllegalStateException("two are open with the id '" + resource.id() + "'");
      }
    }
    if (shown.size() > MOST) {
      throw new IllegalStateException("more than " + MOST + " are open");
    }
    return shown;
  }

  private Coverage unseen(String why) {
    return Coverage.limitedBy(
        Coverage.Limit.NO_ANSWER,
        kind.id() + " was not looked for: " + of.getClass().getName() + " was asked, and " + why);
  }
}
