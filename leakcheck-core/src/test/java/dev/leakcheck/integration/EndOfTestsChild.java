package dev.leakcheck.integration;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import java.util.Optional;

/** A JVM with the agent whose tests add shutdown hooks; it reports into a directory. */
final class EndOfTestsChild {

  private EndOfTestsChild() {}

  public static void main(String[] directory) {
    Runtime jvm = Runtime.getRuntime();
    jvm.addShutdownHook(new Thread(() -> {}, "added before all tests"));
    TestOptions options =
        TestOptions.of(
            LeakCheckOptions.of(
                LeakCheckSettings.from(
                    key ->
                        key.equals(LeakCheckSettings.REPORT_DIR)
                            ? Optional.of(directory[0])
                            : Optional.empty())));
    RunReport.Run plan = RunReport.expectEnd();
    RunReport.Run run = RunReport.begin(options);
    TestScope scope = TestScope.open(options.named("OrderTest.places()"));
    jvm.addShutdownHook(new Thread(() -> {}, "left by a test"));
    Thread removed = new Thread(() -> {}, "removed by its test");
    jvm.addShutdownHook(removed);
    jvm.removeShutdownHook(removed);
    scope.end();
    run.close();
    plan.close();
  }
}
