package dev.leakcheck.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What it takes to prove that nobody can wake a thread.
 *
 * <p>Run: {@code java -jar benchmarks.jar ProofCost}. Expect: for a small heap some hundred
 * milliseconds, half of them two garbage collections; for a large one about what the JVM takes to
 * write the dump, and a fraction of what NetBeans' reader takes for a part of the question. Each
 * row is a JVM of its own.
 */
final class ProofCost {

  private static final int SMALL = 10;
  private static final int LARGE = 500;
  private static final int VIRTUAL = 1_000;
  private static final double MOST_MILLIS = 500;
  private static final double MOST_OF_DUMP = 2;
  private static final double MOST_MILLIS_VIRTUAL = 250;
  private static final double MOST_OF_FILE = 0.1;

  private ProofCost() {}

  static void measure(Run run) throws Exception {
    Table heaps =
        new Table(
            "MB that live",
            "answer, ms",
            "dump, ms",
            "read and solve, ms",
            "NetBeans, ms",
            "ours to NetBeans",
            "file, MB",
            "index, MB",
            "aims");
    for (int size : new int[] {SMALL, LARGE}) {
      Properties times =
          run.inOwnJvm(
              List.of("-Xmx3g"),
              ProofTimes.class,
              "heap",
              String.valueOf(size),
              size == LARGE ? "2" : run.quick() ? "5" : "15");
      heaps.row(
          String.valueOf(size),
          figure(times, "answer"),
          figure(times, "dump"),
          figure(times, "solve"),
          figure(times, "netbeans"),
          Table.ratio(number(times, "solve"), number(times, "netbeans")),
          figure(times, "file"),
          figure(times, "index"),
          aims(size, times));
    }
    run.print(heaps);
    if (Virtual.isSupported()) {
      Properties times =
          run.inOwnJvm(
              List.of(Run.agent(), "-Xmx1g"),
              ProofTimes.class,
              "virtual",
              String.valueOf(VIRTUAL),
              run.quick() ? "5" : "15");
      run.print(
          new Table("virtual threads", "answer, ms", "aim")
              .row(
                  String.valueOf(VIRTUAL),
                  figure(times, "answer"),
                  Table.aim(
                      Table.figure(MOST_MILLIS_VIRTUAL) + " ms",
                      number(times, "answer") <= MOST_MILLIS_VIRTUAL)));
    }
  }

  private static String aims(int size, Properties times) {
    List<String> aims = new ArrayList<>();
    if (size == SMALL) {
      aims.add(
          Table.aim(
              "answer in " + Table.figure(MOST_MILLIS) + " ms",
              number(times, "answer") <= MOST_MILLIS));
    } else {
      aims.add(
          Table.aim(
              "read and solve in " + Table.figure(MOST_OF_DUMP) + " × dump",
              number(times, "solve") <= MOST_OF_DUMP * number(times, "dump")));
      aims.add(
          Table.aim(
              "index " + Table.figure(MOST_OF_FILE) + " of file",
              number(times, "index") <= MOST_OF_FILE * number(times, "file")));
    }
    return String.join("; ", aims);
  }

  private static String figure(Properties times, String what) {
    return Table.figure(number(times, what));
  }

  private static double number(Properties times, String what) {
    return Double.parseDouble(times.getProperty(what));
  }
}
