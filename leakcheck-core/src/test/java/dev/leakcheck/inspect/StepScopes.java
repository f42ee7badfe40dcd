package dev.leakcheck.inspect;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Findings;
import java.time.Duration;

/** The scopes of what tests do, step by step, and of the class around them. */
final class StepScopes {

  private StepScopes() {}

  /** That of a class, which answers for its static fields. */
  static TestScope around(Class<?> type) {
    TestScope around = TestScope.open(options("around", 0).byEntry());
    around.watchStatics(type);
    return around;
  }

  /** What is clean gets far longer than it needs, and what is leaked no time at all. */
  static TestScope of(String step, TestScope around) {
    int settle = step.endsWith("-in-time") ? 25 : 0;
    return TestScope.open(options(step, settle).brief().byEntry().within(around));
  }

  /** The step, and the kinds of what it left. */
  static String verdict(String step, Findings findings) {
    return step + " " + findings.list().stream().map(finding -> finding.kind().id()).toList();
  }

  private static TestOptions options(String name, int seconds) {
    return TestOptions.of(LeakCheckOptions.defaults())
        .named(name)
        .settle(Duration.ofSeconds(seconds));
  }
}
