package dev.leakcheck.engine.scope;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Origin;
import java.util.List;
import java.util.Optional;

/**
 * Of whom threads or executors were told, and in which test those were made: a library's own
 * threads may go on making more after the test's check. Not thread-safe.
 */
final class ToldOwners {

  private final Told<Long> told;

  ToldOwners(int most) {
    told = new Told<>(most);
  }

  /** A scope tells a finding. */
  void tell(Finding finding, long scope) {
    owner(finding).ifPresent(owner -> told.putIfAbsent(owner, scope));
  }

  /**
   * Without what one call to somebody would end of whom another scope told, that in which all of it
   * was made. What a field holds has an owner besides, and is told.
   *
   * @param asking the number of the scope that is to tell them
   * @param name its name
   */
  List<Finding> without(List<Finding> findings, long asking, String name) {
    return findings.stream()
        .filter(
            finding ->
                finding.fact("held by").isPresent()
                    || owner(finding).map(told::get).filter(by -> by != asking).isEmpty()
                    || isMadeIn(finding, name))
        .toList();
  }

  private static boolean isMadeIn(Finding finding, String scope) {
    return finding.origin() instanceof Origin.Known known && known.scope().equals(scope);
  }

  private static Optional<String> owner(Finding finding) {
    return (finding.threads().isEmpty() && finding.executors().isEmpty())
            || !(finding.origin() instanceof Origin.Known known)
            || known.shared()
            || known.maker() == null
            || known.maker().together() == null
        ? Optional.empty()
        : Optional.of(known.maker().together() + " in " + known.scope());
  }
}
