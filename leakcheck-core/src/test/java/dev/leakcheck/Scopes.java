package dev.leakcheck;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import java.time.Duration;

/** Short ways to open and check scopes. */
public final class Scopes {

  /** For a leak that is there already: no wait can change it. */
  public static final LeakCheckOptions AT_ONCE = LeakCheckOptions.defaults().settle(Duration.ZERO);

  /** For what must pass: far longer than any machine needs, and never waited for in full. */
  public static final LeakCheckOptions PATIENT =
      LeakCheckOptions.defaults().settle(Duration.ofSeconds(25));

  private Scopes() {}

  /** What is left right now. */
  public static LeakScope atOnce() {
    return LeakCheck.open(AT_ONCE);
  }

  /** What is left after as long as it takes. */
  public static LeakScope patient() {
    return LeakCheck.open(PATIENT);
  }

  /** The only finding; fails with the report if there is another number of them. */
  public static Finding only(Findings findings) {
    if (findings.list().size() != 1) {
      throw new AssertionError(
          "one finding expected:\n" + dev.leakcheck.report.TextReport.render(findings));
    }
    return findings.list().get(0);
  }
}
