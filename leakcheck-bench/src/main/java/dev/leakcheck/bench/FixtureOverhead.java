package dev.leakcheck.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Runs a class whose fixture starts virtual threads that stay parked, and prints as a property what
 * one of its tests takes: the time from the end of the first test to the end of the last, divided
 * by their number. The fixture itself, which takes far longer than all tests, is not in it.
 */
final class FixtureOverhead {

  private static final int TESTS = 201;

  private FixtureOverhead() {}

  /**
   * Measures.
   *
   * @param args simple name of a class in {@link Suite}; what a test does, a name of {@link Work};
   *     how many virtual threads; how often the class is run
   */
  public static void main(String[] args) throws ClassNotFoundException {
    PrintStream out = System.out;
    Class<?> suite = Class.forName(Suite.class.getName() + "$" + args[0]);
    Work work = Work.valueOf(args[1]);
    // As warm as the benchmarks that JMH runs, then with the virtual threads.
    long warm = System.nanoTime() + 1_500_000_000;
    while (System.nanoTime() < warm) {
      Suite.run(suite, TESTS, work, new Stopwatch());
    }
    Suite.setVirtualThreads(Integer.parseInt(args[2]));
    List<Double> micros = new ArrayList<>();
    for (int i = Integer.parseInt(args[3]); i > 0; i--) {
      Stopwatch stopwatch = new Stopwatch();
      Suite.run(suite, TESTS, work, stopwatch);
      micros.add(stopwatch.micros());
    }
    Collections.sort(micros);
    out.printf(Locale.ROOT, "micros=%.4f%n", micros.get(micros.size() / 2));
  }

  private static final class Stopwatch implements TestExecutionListener {
    private int passed;
    private @Nullable Throwable failure;
    private long first;
    private long last;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() != Status.SUCCESSFUL) {
        failure = result.getThrowable().orElse(failure);
      } else if (test.isTest()) {
        last = System.nanoTime();
        if (passed++ == 0) {
          first = last;
        }
      }
    }

    double micros() {
      if (passed != TESTS || failure != null) {
        throw new IllegalStateException(passed + " of " + TESTS + " tests passed", failure);
      }
      return (last - first) / 1e3 / (TESTS - 1);
    }
  }
}
