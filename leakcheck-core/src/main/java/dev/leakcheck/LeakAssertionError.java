package dev.leakcheck;

import dev.leakcheck.model.Findings;
import dev.leakcheck.report.TextReport;
import java.io.Serial;
import java.util.Arrays;

/**
 * Something was left behind. The message is the whole report; the stack trace begins at the line
 * that called LeakCheck, or, where a test framework had a test checked, leads to that test. What no
 * check of the JVM can see is part of the first such message alone.
 */
public final class LeakAssertionError extends AssertionError {

  @Serial private static final long serialVersionUID = 1;

  private final transient Findings findings;

  /**
   * An error that reports findings.
   *
   * @param findings what was found; not empty
   * @throws IllegalArgumentException if there is no finding
   */
  public LeakAssertionError(Findings findings) {
    super(TextReport.tell(findings));
    if (findings.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to report");
    }
    this.findings = findings;
    setStackTrace(withoutOwnFrames(getStackTrace()));
  }

  /**
   * What was found.
   *
   * @return the findings; null only after the error was serialised and read back
   */
  public Findings findings() {
    return findings;
  }

  private static StackTraceElement[] withoutOwnFrames(StackTraceElement[] stack) {
    int first = 0;
    while (first < stack.length && isOwn(stack[first].getClassName())) {
      first++;
    }
    return first == stack.length ? stack : Arrays.copyOfRange(stack, first, stack.length);
  }

  private static boolean isOwn(String type) {
    return type.equals(LeakAssertionError.class.getName())
        || type.equals(LeakCheck.class.getName())
        || type.equals(LeakScope.class.getName())
        || type.startsWith("dev.leakcheck.assertj.");
  }
}
