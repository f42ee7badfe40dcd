package dev.leakcheck.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Runs a class again and again, with threads that are merely alive, and prints as a property what
 * one of its tests takes: the time from the end of the first test to the end of the last, divided
 * by their number. What a class costs, its fixture included, is not in it: to start the virtual
 * threads of a fixture takes far longer than all tests.
 */
final class FixtureOverhead {

  private static final int TESTS = 201;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int FEWEST = 5;

  private static volatile int virtualThreads;
  private static volatile @Nullable Crowd started;

  private FixtureOverhead() {}

  /** Virtual threads that are parked while the tests of a class run. */
  interface Fixture {
    @BeforeAll
    static void start() throws InterruptedException {
      started = new Crowd(0, virtualThreads);
    }

    @AfterAll
    static void end() throws InterruptedException {
      Crowd crowd = started;
      if (crowd != null) {
        crowd.end();
      }
    }
  }

  /** With JUnit alone. */
  static final class Bare extends BareSuite implements Fixture {}

  /** With LeakCheck. */
  static final class WithLeakCheck extends LeakCheckSuite implements Fixture {}

  /** With randomizedtesting-jupiter. */
  static final class WithRandomizedTesting extends RandomizedTestingSuite implements Fixture {}

  /**
   * Measures.
   *
   * @param args simple name of a class in here; what a test does, a name of {@link Work}; how many
   *     live platform threads; how many virtual threads the fixture starts; for how many seconds
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    Class<?> suite = Class.forName(FixtureOverhead.class.getName() + "$" + args[0]);
    Work work = Work.valueOf(args[1]);
    Crowd crowd = Crowd.upTo(Integer.parseInt(args[2]));
    long warm = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < warm) {
      Suite.run(suite, TESTS, work, new Stopwatch());
    }
    virtualThreads = Integer.parseInt(args[3]);
    List<Double> micros = new ArrayList<>();
    long enough = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[4]));
    while (micros.size() < FEWEST || System.nanoTime() < enough) {
      Stopwatch stopwatch = new Stopwatch();
      Suite.run(suite, TESTS, work, stopwatch);
      micros.add(stopwatch.micros());
    }
    crowd.end();
    Collections.sort(micros);
    out.printf(Locale.ROOT, "micros=%.4f%n", micros.get(micros.size() / 2));
  }

  private static final class Stopwatch extends Passes {
    private long first;
    private long last;

    @Override
    void onPass(int number) {
      last = System.nanoTime();
      if (number == 1) {
        first = last;
      }
    }

    double micros() {
      require(TESTS);
      return (last - first) / 1e3 / (TESTS - 1);
    }
  }
}
