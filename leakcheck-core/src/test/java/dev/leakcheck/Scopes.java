package dev.leakcheck;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import java.time.Duration;

/** Short ways to open and check scopes. */
final class Scopes {

  /** For a leak that is there already: no wait can change it. */
  static final LeakCheckOptions AT_ONCE = LeakCheckOptions.defaults().settle(Duration.ZERO);

  /** For what must pass: far longer than any machine needs, and never waited for in full. */
  static final LeakCheckOptions PATIENT =
      LeakCheckOptions.defaults().settle(Duration.ofSeconds(25));

  private Scopes() {}

  /** What is left right now. */
  static LeakScope atOnce() {
    return LeakCheck.open(AT_ONCE);
  }

  /** What is left after as long as it takes. */
  static LeakScope patient() {
    return LeakCheck.open(PATIENT);
  }

  /** The only finding; fails with the report if there is another number of them. */
  static Finding only(Findings findings) {
    if (findings.list().size() != 1) {
      throw new AssertionError(
          "one finding expected:\n" + dev.leakcheck.report.TextReport.render(findings));
    }
    return findings.list().get(0);
  }
}
