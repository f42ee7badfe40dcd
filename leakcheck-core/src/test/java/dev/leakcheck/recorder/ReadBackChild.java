package dev.leakcheck.recorder;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Checks a scope that leaves nothing behind and one that leaves a thread, and ends. */
final class ReadBackChild {

  private ReadBackChild() {}

  public static void main(String[] none) {
    LeakCheck.open(options("clean")).close();
    LeakScope scope = LeakCheck.open(options("leaking"));
    CountDownLatch never = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            "left");
    thread.setDaemon(true);
    thread.start();
    Planted.awaitWaitingIn(thread, CountDownLatch.class);
    try {
      scope.close();
    } catch (LeakAssertionError expected) {
      System.out.println(expected.findings().list().size());
    }
  }

  private static LeakCheckOptions options(String name) {
    return LeakCheckOptions.defaults().named(name).settle(Duration.ZERO);
  }
}
