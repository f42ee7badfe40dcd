package dev.leakcheck.assertj;

import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Findings;

/**
 * AssertJ entry points.
 *
 * <pre>{@code
 * LeakScope scope = LeakCheck.open();
 * service.run();
 * assertThat(scope).hasNoLeaks();
 * }</pre>
 */
public final class LeakCheckAssertions {

  private LeakCheckAssertions() {}

  /**
   * Checks a scope, without closing it, and asserts on what was found.
   *
   * @param scope the scope
   * @return assertions
   */
  public static FindingsAssert assertThat(LeakScope scope) {
    return new FindingsAssert(scope.findings());
  }

  /**
   * Asserts on findings.
   *
   * @param findings the findings
   * @return assertions
   */
  public static FindingsAssert assertThat(Findings findings) {
    return new FindingsAssert(findings);
  }
}
