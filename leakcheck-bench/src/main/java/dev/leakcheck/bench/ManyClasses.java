package dev.leakcheck.bench;

import java.util.List;

/**
 * What a class costs whose five tests start nothing: 2,000 of them in one JVM, with few threads
 * alive and with many, bare, with LeakCheck, with LeakCheck and its agent, and with
 * randomizedtesting-jupiter, which looks before and after each test.
 *
 * <p>Run: {@code java -jar benchmarks.jar ManyClasses}. Expect: without the agent two thread dumps
 * a class, which take longer the more threads are alive; with it microseconds. The runs alternate;
 * the least of each counts.
 */
final class ManyClasses {

  private static final int CLASSES = 2_000;
  private static final int TESTS = 5;

  private ManyClasses() {}

  static void measure(Run run) throws Exception {
    Table table =
        new Table(
            "a class of five tests that start nothing",
            "bare, µs",
            "ours adds, µs",
            "with the agent, µs",
            "theirs adds, µs",
            "ours/theirs",
            "with the agent/theirs",
            "CPU: ours adds, µs",
            "with the agent, µs",
            "theirs adds, µs");
    for (int live : List.of(20, 1_000)) {
      ColdSuite.Best best =
          new ColdSuite.Best(run, Work.NOTHING, live, CLASSES, TESTS, run.quick() ? 1 : 3);
      table.row(
          "%,d live threads".formatted(live),
          perClass(best.bare.millis()),
          perClass(best.ours.millis()),
          perClass(best.withAgent.millis()),
          perClass(best.theirs.millis()),
          Table.ratio(best.ours.millis(), best.theirs.millis()),
          Table.ratio(best.withAgent.millis(), best.theirs.millis()),
          perClass(best.ours.cpu()),
          perClass(best.withAgent.cpu()),
          perClass(best.theirs.cpu()));
    }
    run.print(table);
  }

  private static String perClass(double millis) {
    return Table.figure(millis * 1e3 / CLASSES);
  }
}
