package dev.leakcheck.monitor;

import dev.leakcheck.model.CohortTrend;
import dev.leakcheck.model.CohortTrend.Verdict;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a monitor writes to the log: one line if something begins or ends to grow or to sit
 * unchanged, and none otherwise. Not thread-safe.
 */
final class MonitorLog {

  private static final Logger LOG = LoggerFactory.getLogger(LeakMonitor.class);
  private static final int GROUPS_IN_A_LINE = 3;

  private int unchangedBefore;
  private int growingBefore;

  void add(MonitorSample sample) {
    List<CohortTrend> begin =
        sample.changed().stream().filter(group -> group.verdict() == Verdict.GROWING).toList();
    int unchanged = sample.unchanged().size();
    int growing = sample.growing().size();
    if (!begin.isEmpty()) {
      LOG.warn("LeakCheck: {}", growing(begin, sample));
    } else if (unchanged != unchangedBefore || growing < growingBefore) {
      LOG.info(
          "LeakCheck: {} of {} groups of threads sit unchanged, {} grow; {} platform and {} virtual"
              + " threads",
          unchanged,
          sample.population().cohorts().size(),
          growing,
          sample.population().platform(),
          sample.population().virtual());
    }
    unchangedBefore = unchanged;
    growingBefore = growing;
  }

  private static String growing(List<CohortTrend> begin, MonitorSample sample) {
    StringBuilder line = new StringBuilder();
    begin.stream()
        .limit(GROUPS_IN_A_LINE)
        .forEach(group -> line.append(line.isEmpty() ? "" : "; ").append(GroupText.of(group)));
    if (begin.size() > GROUPS_IN_A_LINE) {
      line.append("; and ").append(begin.size() - GROUPS_IN_A_LINE).append(" more groups");
    }
    return line.append(" (")
        .append(sample.population().platform())
        .append(" platform and ")
        .append(sample.population().virtual())
        .append(" virtual threads in all)")
        .toString();
  }
}
