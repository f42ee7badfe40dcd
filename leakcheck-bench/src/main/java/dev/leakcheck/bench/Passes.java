package dev.leakcheck.bench;

import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Counts the tests that pass: what did not run is not measured. Not thread-safe. */
class Passes implements TestExecutionListener {

  private int passed;
  private @Nullable Throwable failure;

  @Override
  public final void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() != Status.SUCCESSFUL) {
      failure = result.getThrowable().orElse(failure);
    } else if (test.isTest()) {
      onPass(++passed);
    }
  }

  /**
   * A test has passed.
   *
   * @param number how many have, with this one
   */
  void onPass(int number) {}

  /**
   * Requires that all passed.
   *
   * @param tests how many there are
   * @return that number
   */
  final int require(int tests) {
    if (passed != tests || failure != null) {
      throw new IllegalStateException(passed + " of " + tests + " tests passed", failure);
    }
    return passed;
  }
}
