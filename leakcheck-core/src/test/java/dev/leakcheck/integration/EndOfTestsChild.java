package dev.leakcheck.integration;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A JVM with the agent whose tests add shutdown hooks, or leave a thread that is no daemon; it
 * reports into a directory.
 */
final class EndOfTestsChild {

  private EndOfTestsChild() {}

  public static void main(String[] arguments) {
    boolean leavesThread = arguments.length > 1;
    CountDownLatch over = new CountDownLatch(1);
    Runtime jvm = Runtime.getRuntime();
    jvm.addShutdownHook(new Thread(() -> {}, "added before all tests"));
    TestOptions options =
        TestOptions.of(
            LeakCheckOptions.of(
                LeakCheckSettings.from(
                    key ->
                        key.equals(LeakCheckSettings.REPORT_DIR)
                            ? Optional.of(arguments[0])
                            : Optional.empty())));
    RunReport.Run plan = RunReport.expectEnd();
    RunReport.Run run = RunReport.begin(options);
    TestScope scope = TestScope.open(options.named("OrderTest.places()"));
    if (leavesThread) {
      new Thread(() -> await(over), "price-poller").start();
    } else {
      jvm.addShutdownHook(new Thread(() -> {}, "left by a test"));
    }
    Thread removed = new Thread(() -> {}, "removed by its test");
    jvm.addShutdownHook(removed);
    jvm.removeShutdownHook(removed);
    scope.end();
    run.close();
    plan.close();
    over.countDown();
  }

  private static void await(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
