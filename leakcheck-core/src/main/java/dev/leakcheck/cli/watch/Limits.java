package dev.leakcheck.cli.watch;

import dev.leakcheck.classify.Trend;
import dev.leakcheck.cli.base.Counts;
import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.CohortTrend.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must not be exceeded; null where there is no limit.
 *
 * @param growth by how many threads a group that grows may have grown since it was seen first
 * @param threads how many threads there may be
 * @param unchanged how many threads of one group may sit unchanged
 */
public record Limits(
    @Nullable Integer growth, @Nullable Integer threads, @Nullable Integer unchanged) {

  /**
   * Whether a limit takes several samples to be told.
   *
   * @return true if one of growth or of what sits unchanged is given
   */
  public boolean needRounds() {
    return growth != null || unchanged != null;
  }

  /** Which limits a sample crosses, each in a sentence without a full stop. */
  List<String> crossed(Trend.Round round) {
    List<String> crossed = new ArrayList<>();
    if (growth != null) {
      for (CohortTrend group : round.suspicious(Verdict.GROWING)) {
        int grown = Math.max(group.growth(), group.cohort().count() - group.first());
        if (grown > growth) {
          crossed.add(
              "--max-growth "
                  + growth
                  + ": \""
                  + group.cohort().label()
                  + "\" grew by "
                  + Counts.count(grown, "thread")
                  + " to "
                  + group.cohort().count());
        }
      }
    }
    int all = round.population().threads();
    if (threads != null && all > threads) {
      crossed.add("--max-threads " + threads + ": there are " + all);
    }
    if (unchanged != null) {
      for (CohortTrend group : round.suspicious(Verdict.UNCHANGED)) {
        if (group.cohort().count() > unchanged) {
          crossed.add(
              "--max-unchanged "
                  + unchanged
                  + ": "
                  + Counts.count(group.cohort().count(), "thread")
                  + " \""
                  + group.cohort().label()
                  + (group.cohort().count() == 1 ? "\" sits unchanged" : "\" sit unchanged"));
        }
      }
    }
    return crossed;
  }
}
