package dev.leakcheck.inspect;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;

/** A JVM of its own in which threads initialise classes, for ever. Prints what is said of them. */
final class InitializersChild {

  private static final CyclicBarrier BOTH = new CyclicBarrier(2);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private InitializersChild() {}

  private static final class Rates {
    static final Object ONE;

    static {
      meet();
      ONE = new Prices();
    }
  }

  private static final class Prices {
    static final Object ONE;

    static {
      meet();
      ONE = new Rates();
    }
  }

  private static final class Slow {
    static final int VALUE = wait("slow");

    private static int wait(String name) {
      try {
        NEVER.await();
      } catch (InterruptedException ended) {
        throw new IllegalStateException(name, ended);
      }
      return 1;
    }
  }

  private static void meet() {
    try {
      BOTH.await();
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  public static void main(String[] steps) throws Exception {
    for (String step : steps) {
      LeakScope scope =
          LeakCheck.open(LeakCheckOptions.defaults().named(step).settle(Duration.ofMillis(500)));
      switch (step) {
        case "circle" -> {
          awaitInitializing(start("rates", Rates::new), start("prices", Prices::new));
        }
        case "waits" -> {
          Thread first = start("first", () -> System.out.print(Slow.VALUE));
          Planted.awaitWaitingIn(first, CountDownLatch.class);
          start("second", () -> System.out.print(Slow.VALUE));
        }
        default ->
            start(
                "spins",
                () -> {
                  while (NEVER.getCount() > 0) {
                    Thread.onSpinWait();
                  }
                });
      }
      System.out.println(TextReport.render(scope.findings()));
    }
    Runtime.getRuntime().halt(0);
  }

  /** Until they have met, and are back in what they initialise. */
  private static void awaitInitializing(Thread... threads) {
    for (Thread thread : threads) {
      StackTraceElement[] stack = {};
      while (stack.length == 0 || !stack[0].getMethodName().equals("<clinit>")) {
        Thread.onSpinWait();
        stack = thread.getStackTrace();
      }
    }
  }

  private static Thread start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
