package dev.leakcheck.engine.scope;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Origin;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Of whom threads or executors were told, and in which test those were made: a library's own
 * threads may go on making more after the test's check. A worker of what all share is nobody's to
 * end, whoever had it started: what each runs is told for itself. Not thread-safe.
 */
final class ToldOwners {

  private final Told<Long> told;

  ToldOwners(int most) {
    told = new Told<>(most);
  }

  /**
   * A scope tells a finding.
   *
   * @param workers ids of the workers of what all share
   */
  void tell(Finding finding, Set<Long> workers, long scope) {
    owner(finding, workers).ifPresent(owner -> told.putIfAbsent(owner, scope));
  }

  /**
   * Without what one call to somebody would end of whom another scope told, that in which all of it
   * was made. What a field holds has an owner besides, and is told.
   *
   * @param workers ids of the workers of what all share
   * @param asking the number of the scope that is to tell them
   * @param name its name
   */
  List<Finding> without(List<Finding> findings, Set<Long> workers, long asking, String name) {
    return findings.stream()
        .filter(
            finding ->
                finding.fact("held by").isPresent()
                    || owner(finding, workers).map(told::get).filter(by -> by != asking).isEmpty()
                    || isMadeIn(finding, name))
        .toList();
  }

  private static boolean isMadeIn(Finding finding, String scope) {
    return finding.origin() instanceof Origin.Known known && known.scope().equals(scope);
  }

  private static Optional<String> owner(Finding finding, Set<Long> workers) {
    return finding.threads().stream().anyMatch(thread -> workers.contains(thread.id()))
            || (finding.threads().isEmpty() && finding.executors().isEmpty())
            || !(finding.origin() instanceof Origin.Known known)
            || known.shared()
            || known.maker() == null
            || known.maker().together() == null
        ? Optional.empty()
        : Optional.of(known.maker().together() + " in " + known.scope());
  }
}
