package dev.leakcheck.agent;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own in which the JDK starts the threads that wait for delayed tasks, and prints the
 * titles of what is found.
 */
final class DelayChild {

  private DelayChild() {}

  public static void main(String[] args) {
    check(() -> Jdk21.startVirtual("sleeper", DelayChild::sleep).join());
    if (ForkJoinPool.commonPool() instanceof ScheduledExecutorService) {
      check(() -> delay(new ForkJoinPool(1)).shutdown());
      check(() -> delay(new ForkJoinPool(1)));
    }
    System.out.println("done");
  }

  private static void check(LeakCheck.Body body) {
    try {
      LeakCheck.assertNoLeaks(body);
    } catch (LeakAssertionError left) {
      left.findings().forEach(finding -> System.out.println(finding.kind().id()));
    }
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ForkJoinPool delay(ForkJoinPool pool) throws Exception {
    Object executor = pool; // since 25
    ((ScheduledExecutorService) executor).schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get();
    return pool;
  }
}
