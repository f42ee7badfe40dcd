package dev.leakcheck.bench;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Runs benchmarks and prints a Markdown table of ratios for each.
 *
 * <pre>{@code
 * java -jar leakcheck-bench/target/benchmarks.jar                    # all
 * java -jar leakcheck-bench/target/benchmarks.jar --quick            # all, less exact, sooner
 * java -jar leakcheck-bench/target/benchmarks.jar PerTestOverhead    # one of them
 * }</pre>
 *
 * <p>Figures are comparable within one run only: every table has what it is compared with in it.
 * Plain JMH, with all of its options but without ratios, is {@code java -cp benchmarks.jar
 * org.openjdk.jmh.Main}.
 */
public final class Benchmarks {

  @FunctionalInterface
  private interface Measurement {
    void measure(Run run) throws Exception;
  }

  private Benchmarks() {}

  private static Map<String, Measurement> all() {
    Map<String, Measurement> all = new LinkedHashMap<>();
    all.put("PerTestOverhead", PerTestOverhead::measure);
    all.put("PerTestOverheadWithAgent", PerTestOverhead::measureWithAgent);
    all.put("ColdSuite", ColdSuite::measure);
    all.put("ManyClasses", ManyClasses::measure);
    all.put("SnapshotCost", SnapshotCost::measure);
    all.put("SettleLatency", SettleLatency::measure);
    all.put("AgentCost", AgentCost::measure);
    all.put("Forks", Forks::measure);
    all.put("AgentStartup", AgentStartup::measure);
    all.put("ProofCost", ProofCost::measure);
    all.put("MonitorOverhead", MonitorOverhead::measure);
    return all;
  }

  /**
   * Runs the benchmarks that are named, or all.
   *
   * @param args see the class
   * @throws Exception if a benchmark fails
   */
  public static void main(String[] args) throws Exception {
    Map<String, Measurement> all = all();
    Set<String> chosen = new LinkedHashSet<>();
    boolean quick = false;
    for (String arg : args) {
      if (all.containsKey(arg)) {
        chosen.add(arg);
      } else if (arg.equals("--quick") || arg.equals("--full")) {
        quick = arg.equals("--quick");
      } else {
        System.err.println(
            "usage: java -jar benchmarks.jar [--quick|--full] ["
                + String.join("|", all.keySet())
                + "]...");
        System.exit(2);
      }
    }
    if (chosen.isEmpty()) {
      chosen.addAll(all.keySet());
    }
    Run run = new Run(quick, System.out);
    System.out.println(Machine.describe() + (quick ? "; quick run, less exact" : ""));
    for (Map.Entry<String, Measurement> benchmark : all.entrySet()) {
      if (chosen.contains(benchmark.getKey())) {
        System.out.printf("%n### %s%n", benchmark.getKey());
        benchmark.getValue().measure(run);
      }
    }
  }
}
