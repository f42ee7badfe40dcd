package dev.leakcheck.bench;

import java.util.Collection;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;

/** What JMH measured. */
final class Scores {

  private final Collection<RunResult> results;

  Scores(Collection<RunResult> results) {
    this.results = results;
  }

  /**
   * The score of one benchmark, in the unit of its class.
   *
   * @param params the values it ran with; others than those given do not matter
   */
  double of(String method, Map<String, String> params) {
    return find(method, params).getPrimaryResult().getScore();
  }

  /** A percentile, for benchmarks that sample. */
  double percentile(String method, Map<String, String> params, double percent) {
    return find(method, params).getPrimaryResult().getStatistics().getPercentile(percent);
  }

  private RunResult find(String method, Map<String, String> params) {
    for (RunResult result : results) {
      if (result.getParams().getBenchmark().endsWith("." + method)
          && params.entrySet().stream()
              .allMatch(e -> e.getValue().equals(result.getParams().getParam(e.getKey())))) {
        return result;
      }
    }
    throw new IllegalArgumentException("no result of " + method + " with " + params);
  }
}
