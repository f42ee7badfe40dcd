package dev.leakcheck.baseline;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings.Allowed;
import dev.leakcheck.model.Findings.Expired;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Splits findings into those that fail and those that the user accepts, by an allowance or in the
 * baseline. Used by one thread.
 */
public final class Allowances {

  private final List<Allowance> allowances;
  private final KnownLeaks known;
  private final long today;
  private final List<Allowed> allowed = new ArrayList<>();
  private final List<Expired> expired = new ArrayList<>();
  private final Set<Allowance> used = new LinkedHashSet<>();

  /**
   * What is accepted on a day.
   *
   * @param today in days since 1970
   */
  public Allowances(List<Allowance> allowances, KnownLeaks known, long today) {
    this.allowances = allowances;
    this.known = known;
    this.today = today;
  }

  /** Those that fail; what becomes of the others is told by the methods below. */
  public List<Finding> notAllowed(List<Finding> findings) {
    List<Finding> remaining = new ArrayList<>();
    for (Finding finding : findings) {
      Allowance match = null;
      for (Allowance allowance : allowances) {
        if (allowance.matches(finding)) {
          match = match == null || match.isUnlessProved() ? allowance : match;
          used.add(allowance);
        }
      }
      if (match != null) {
        allowed.add(new Allowed(finding, match.reason(), false, match.isUnlessProved()));
      } else if (!isKnown(finding)) {
        remaining.add(finding);
      }
    }
    return remaining;
  }

  private boolean isKnown(Finding finding) {
    KnownLeak leak =
        known.find(finding.kind(), finding.fingerprint(), finding.plainFingerprint()).orElse(null);
    LocalDate until = leak == null ? null : leak.expires();
    if (leak == null) {
      return false;
    }
    if (until != null && leak.isExpired(today)) {
      expired.add(new Expired(finding, leak.reason(), leak.owner(), until));
      return false;
    }
    allowed.add(new Allowed(finding, leak.reason(), true));
    return true;
  }

  /** Those that the user accepts. */
  public List<Allowed> allowed() {
    return allowed;
  }

  /** Those of the remaining ones that the baseline accepted until a day that is past. */
  public List<Expired> expired() {
    return expired;
  }

  /** Allowances that no finding needed. */
  public List<String> unused() {
    return allowances.stream().filter(a -> !used.contains(a)).map(Allowance::toString).toList();
  }
}
