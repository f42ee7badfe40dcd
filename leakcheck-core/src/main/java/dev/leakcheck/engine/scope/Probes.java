package dev.leakcheck.engine.scope;

import dev.leakcheck.model.Coverage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The user's probes that a scope is looked at with. Thread-safe. */
public final class Probes {

  private final List<Asked> all = new CopyOnWriteArrayList<>();
  private final Consumer<Coverage> gaps;

  /**
   * A probe that was asked.
   *
   * @param before the numbers of what was open then
   * @param failed whether it gave no answer, so that it is not asked again
   */
  public record Asked(Probe probe, Set<Long> before, boolean failed) {}

  Probes(Consumer<Coverage> gaps) {
    this.gaps = gaps;
  }

  /** What is open from now on is the scope's. Does nothing if the scope has that probe already. */
  public synchronized void add(Probe probe) {
    if (all.stream().anyMatch(asked -> asked.probe.isSame(probe))) {
      return;
    }
    Probe.Answer answer = probe.ask();
    if (answer.gap() != null) {
      gaps.accept(answer.gap());
    }
    all.add(new Asked(probe, Set.copyOf(answer.open().keySet()), answer.gap() != null));
  }

  /** Those that can be asked again. */
  public List<Asked> answering() {
    return all.isEmpty() ? List.of() : all.stream().filter(asked -> !asked.failed).toList();
  }
}
