package dev.leakcheck.bench;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Runs a class of tests that all leak the same, and then a clean class, and prints as properties
 * how long the first took, how many of its tests were accused of just what they leaked, and how
 * much else was accused: clean tests, classes, or tests of what they did not leak.
 */
final class ManyLeaks {

  private static final int CLEAN_TESTS = 100;

  private ManyLeaks() {}

  /**
   * Measures.
   *
   * @param args {@code LeakCheck} or {@code randomizedtesting}; what is to leak, a name of {@link
   *     Work}; how many tests
   */
  public static void main(String[] args) {
    PrintStream out = System.out;
    boolean ours = args[0].equals("LeakCheck");
    Class<?> suite = ours ? LeakCheckSuite.class : RandomizedTestingSuite.class;
    Work leak = Work.valueOf(args[1]);
    Verdicts leaky = new Verdicts(ours, kind(leak));
    long start = System.nanoTime();
    Suite.run(suite, Integer.parseInt(args[2]), leak, leaky);
    double seconds = (System.nanoTime() - start) / 1e9;
    Verdicts clean = new Verdicts(ours, kind(leak));
    Suite.run(suite, CLEAN_TESTS, Work.NOTHING, clean);
    out.printf(Locale.ROOT, "seconds=%.3f%n", seconds);
    out.printf("found=%d%n", leaky.found);
    out.printf("wrong=%d%n", leaky.wrong + clean.found + clean.wrong);
    out.flush();
    Runtime.getRuntime().halt(0); // what leaked would keep the JVM alive
  }

  private static LeakKind kind(Work leak) {
    return leak == Work.LEAK_CONSUMER ? LeakKind.STUCK_ON_QUEUE : LeakKind.UNCLOSED_EXECUTOR;
  }

  private static final class Verdicts implements TestExecutionListener {
    private final boolean ours;
    private final LeakKind kind;
    private int found;
    private int wrong;

    Verdicts(boolean ours, LeakKind kind) {
      this.ours = ours;
      this.kind = kind;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == Status.SUCCESSFUL) {
        return;
      }
      Throwable failure = result.getThrowable().orElse(null);
      if (test.isTest() && (!ours || isExact(failure))) {
        found++;
      } else {
        wrong++;
        if (ours) {
          System.err.println(test.getUniqueId() + ": " + failure);
        }
      }
    }

    private boolean isExact(@Nullable Throwable failure) {
      return failure instanceof LeakAssertionError leak
          && leak.findings().list().stream().map(Finding::kind).toList().equals(List.of(kind));
    }
  }
}
