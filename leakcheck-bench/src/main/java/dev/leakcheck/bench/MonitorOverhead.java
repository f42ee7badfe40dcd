package dev.leakcheck.bench;

import dev.leakcheck.monitor.SampleCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What a sample of {@code LeakMonitor} costs, beside what the JDK itself takes to list the threads.
 *
 * <p>Run: {@code java -jar benchmarks.jar MonitorOverhead}. Expect: platform threads that have not
 * moved cost less than their stacks; with the agent, virtual threads cost a fraction of a thread
 * dump, and without it a little more than one. However much a sample costs, the monitor takes at
 * most 2 % of one processor, as it waits fifty times as long.
 */
final class MonitorOverhead {

  private static final int COST_FACTOR = 50;

  private MonitorOverhead() {}

  static void measure(Run run) throws Exception {
    Table table =
        new Table(
            "platform + virtual threads",
            "agent",
            "getAllStackTraces, ms",
            "dumpThreads, ms",
            "first sample, ms",
            "sample, ms",
            "beside",
            "sample/that",
            "shortest interval, s");
    List<String> all = new ArrayList<>(List.of("10+0", "1000+0"));
    if (Virtual.isSupported()) {
      all.add("10+100000");
      all.add("1000+100000");
    }
    for (String alive : all) {
      int plus = alive.indexOf('+');
      boolean virtual = !alive.endsWith("+0");
      for (boolean agent : new boolean[] {false, true}) {
        Properties measured =
            run.inOwnJvm(
                agent ? List.of("-Xmx1g", Run.agent()) : List.of("-Xmx1g"),
                SampleCost.class,
                alive.substring(0, plus),
                alive.substring(plus + 1),
                run.quick() ? "2" : "10");
        double sample = of(measured, "sample");
        double traces = of(measured, "traces");
        double dump = of(measured, "dump");
        boolean beside = virtual || (!agent && dump > 0);
        table.row(
            alive,
            agent ? "yes" : "no",
            Table.figure(traces),
            dump == 0 ? "–" : Table.figure(dump),
            Table.figure(of(measured, "first")),
            Table.figure(sample),
            beside ? "dumpThreads" : "getAllStackTraces",
            Table.ratio(sample, beside ? dump : traces),
            Table.figure(COST_FACTOR * sample / 1e3));
      }
    }
    run.print(table);
  }

  private static double of(Properties measured, String name) {
    return Double.parseDouble(measured.getProperty(name));
  }
}
