package dev.leakcheck.monitor;

import dev.leakcheck.model.Cohort;
import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.CohortTrend.Verdict;
import dev.leakcheck.model.Printable;

/** A group in one line, for logs and JMX. */
final class GroupText {

  private GroupText() {}

  /**
   * Such as {@code "session-*": 15 virtual threads, 12 more in 12 samples, waiting in
   * LinkedBlockingQueue.take()}.
   */
  static String of(CohortTrend trend) {
    Cohort cohort = trend.cohort();
    return '"'
        + cohort.label()
        + "\": "
        + threads(cohort)
        + what(trend)
        + ", "
        + Printable.escape(cohort.activity());
  }

  private static String threads(Cohort cohort) {
    return cohort.count()
        + (cohort.virtual() ? " virtual thread" : " platform thread")
        + (cohort.count() == 1 ? "" : "s");
  }

  private static String what(CohortTrend trend) {
    if (trend.verdict() == Verdict.GROWING) {
      return ", " + trend.growth() + " more in " + trend.rounds() + " samples";
    }
    return trend.verdict() == Verdict.UNCHANGED
        ? ", the same for " + trend.rounds() + " samples"
        : "";
  }
}
