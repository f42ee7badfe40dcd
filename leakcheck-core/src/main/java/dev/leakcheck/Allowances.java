package dev.leakcheck;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings.Allowed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Splits findings into those that fail and those that the user accepts. Used by one thread. */
final class Allowances {

  private final List<Allowance> allowances;
  private final List<Allowed> allowed = new ArrayList<>();
  private final Set<Allowance> used = new LinkedHashSet<>();

  Allowances(List<Allowance> allowances) {
    this.allowances = allowances;
  }

  List<Finding> notAllowed(List<Finding> findings) {
    List<Finding> remaining = new ArrayList<>();
    for (Finding finding : findings) {
      Allowance match = null;
      for (Allowance allowance : allowances) {
        if (allowance.matches(finding)) {
          match = match == null ? allowance : match;
          used.add(allowance);
        }
      }
      if (match == null) {
        remaining.add(finding);
      } else {
        allowed.add(new Allowed(finding, match.reason(), false));
      }
    }
    return remaining;
  }

  List<Allowed> allowed() {
    return allowed;
  }

  List<String> unused() {
    return allowances.stream().filter(a -> !used.contains(a)).map(Allowance::toString).toList();
  }
}
