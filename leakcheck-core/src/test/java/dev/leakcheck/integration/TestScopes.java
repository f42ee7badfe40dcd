package dev.leakcheck.integration;

import dev.leakcheck.Scopes;
import dev.leakcheck.assertj.FindingsAssert;
import dev.leakcheck.assertj.LeakCheckAssertions;

/** Short ways to open and check scopes as a test framework does. */
public final class TestScopes {

  /** For a leak that is there already: no wait can change it. */
  public static final TestOptions AT_ONCE = TestOptions.of(Scopes.AT_ONCE);

  /** For what must pass: far longer than any machine needs, and never waited for in full. */
  public static final TestOptions PATIENT = TestOptions.of(Scopes.PATIENT);

  private TestScopes() {}

  /** What is left right now. */
  public static TestScope atOnce() {
    return TestScope.open(AT_ONCE);
  }

  /** What is left after as long as it takes. */
  public static TestScope patient() {
    return TestScope.open(PATIENT);
  }

  /** Asserts what a check of a scope finds. */
  public static FindingsAssert assertThat(TestScope scope) {
    return LeakCheckAssertions.assertThat(scope.findings());
  }
}
