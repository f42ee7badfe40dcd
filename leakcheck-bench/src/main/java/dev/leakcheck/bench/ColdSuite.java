package dev.leakcheck.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What the first 3,000 tests of a JVM pay, as most suites have no more: 30 classes of 100 tests,
 * bare, with LeakCheck, with LeakCheck and its agent, and with randomizedtesting-jupiter, each in a
 * JVM that has done nothing before. Loading and compiling what looks for leaks is in it; the start
 * of the JVM, the agent's included, is in {@link AgentStartup}.
 *
 * <p>Run: {@code java -jar benchmarks.jar ColdSuite}. The runs alternate; the least of each counts.
 */
final class ColdSuite {

  private static final int CLASSES = 30;
  private static final int TESTS = 100;
  private static final double AIM = 1.0 / 20;

  private ColdSuite() {}

  static void measure(Run run) throws Exception {
    Table table =
        new Table(
            "3,000 tests, each of which …",
            "bare, s",
            "ours adds, s",
            "with the agent, s",
            "theirs adds, s",
            "ours/theirs",
            "with the agent/theirs",
            "aim",
            "CPU: bare, s",
            "ours adds, s",
            "with the agent, s",
            "theirs adds, s");
    for (Work work : List.of(Work.NOTHING, Work.PLATFORM_THREAD, Work.POOL)) {
      Best best = new Best(run, work, 20, CLASSES, TESTS, run.quick() ? 3 : 10);
      table.row(
          work.deed(),
          Table.figure(best.bare.millis() / 1e3),
          Table.figure(best.ours.millis() / 1e3),
          Table.figure(best.withAgent.millis() / 1e3),
          Table.figure(best.theirs.millis() / 1e3),
          Table.ratio(best.ours.millis(), best.theirs.millis()),
          Table.ratio(best.withAgent.millis(), best.theirs.millis()),
          work == Work.NOTHING
              ? Table.aim("1/20", best.ours.millis() <= AIM * best.theirs.millis())
              : "–",
          Table.figure(best.bare.cpu() / 1e3),
          Table.figure(best.ours.cpu() / 1e3),
          Table.figure(best.withAgent.cpu() / 1e3),
          Table.figure(best.theirs.cpu() / 1e3));
    }
    run.print(table);
  }

  /** Milliseconds, and milliseconds of processor time. */
  record Cost(double millis, double cpu) {

    private static final Cost NONE = new Cost(Double.MAX_VALUE, Double.MAX_VALUE);

    private Cost least(Cost other) {
      return new Cost(Math.min(millis, other.millis), Math.min(cpu, other.cpu));
    }

    private Cost above(Cost bare) {
      return new Cost(millis - bare.millis, cpu - bare.cpu);
    }
  }

  /** The least that each way took, and what the others added to the bare run. */
  static final class Best {
    final Cost bare;
    final Cost ours;
    final Cost withAgent;
    final Cost theirs;

    Best(Run run, Work work, int live, int classes, int tests, int rounds) throws Exception {
      Cost bareLeast = Cost.NONE;
      Cost oursLeast = Cost.NONE;
      Cost agentLeast = Cost.NONE;
      Cost theirsLeast = Cost.NONE;
      String[] shape = {work.name(), live + "", classes + "", tests + ""};
      for (int i = 0; i < rounds; i++) {
        bareLeast = bareLeast.least(once(run, List.of(), BareSuite.class, shape));
        oursLeast = oursLeast.least(once(run, List.of(), LeakCheckSuite.class, shape));
        agentLeast = agentLeast.least(once(run, List.of(Run.agent()), LeakCheckSuite.class, shape));
        theirsLeast = theirsLeast.least(once(run, List.of(), RandomizedTestingSuite.class, shape));
      }
      bare = bareLeast;
      ours = oursLeast.above(bareLeast);
      withAgent = agentLeast.above(bareLeast);
      theirs = theirsLeast.above(bareLeast);
    }

    private static Cost once(Run run, List<String> flags, Class<?> suite, String... shape)
        throws Exception {
      List<String> all = new ArrayList<>(Run.FIXED_HEAP);
      all.addAll(flags);
      List<String> args = new ArrayList<>(List.of(suite.getSimpleName()));
      args.addAll(List.of(shape));
      Properties told = run.inOwnJvm(all, ManyTests.class, args.toArray(String[]::new));
      return new Cost(
          Double.parseDouble(told.getProperty("millis")),
          Double.parseDouble(told.getProperty("cpu")));
    }
  }
}
