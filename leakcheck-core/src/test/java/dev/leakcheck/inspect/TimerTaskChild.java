package dev.leakcheck.inspect;

import dev.leakcheck.Planted;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.report.TextReport;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own with timers that are older than any scope. Each argument is something that a
 * test does, and its verdict is a line. The class around the tests answers last.
 */
final class TimerTaskChild {

  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private static final Timer SHARED = new Timer("shared", true);
  private static final Timer BLOCKED = new Timer("blocked", true);
  private static final TimerTask FIXTURES = task(() -> {});
  private static final Service SERVICE = new Service();
  private static final Planted PLANTED = new Planted();

  private TimerTaskChild() {}

  private static TimerTask task(Runnable code) {
    return new TimerTask() {
      @Override
      public void run() {
        code.run();
      }
    };
  }

  /** A fixture, which schedules as it likes in a timer of its own. */
  private static final class Service {
    private final Timer own = new Timer("service", true);
    private int orders;

    void place() {
      own.schedule(new Expiry(), HOUR);
      own.schedule(new Expiry(), HOUR, HOUR);
    }

    private final class Expiry extends TimerTask {
      @Override
      public void run() {
        orders--;
      }
    }
  }

  /** Code of the program's that has a timer for everybody. */
  private static final class Cache {
    private static final Timer EVICTION = new Timer("eviction", true);

    static void put() {
      EVICTION.schedule(eviction(), HOUR);
      EVICTION.schedule(eviction(), HOUR, HOUR);
    }

    private static TimerTask eviction() {
      return new TimerTask() {
        @Override
        public void run() {}
      };
    }
  }

  public static void main(String[] steps) throws Exception {
    CountDownLatch ran = new CountDownLatch(3);
    SHARED.schedule(task(ran::countDown), 0);
    SERVICE.own.schedule(task(ran::countDown), 0);
    Cache.EVICTION.schedule(task(ran::countDown), 0);
    Planted.await(ran);
    SHARED.schedule(FIXTURES, HOUR, HOUR);
    TestScope around = StepScopes.around(TimerTaskChild.class);
    for (String step : steps) {
      if (step.equals("message")) {
        message(around);
      } else if (step.startsWith("fixture")) {
        in(around, step);
      } else if (step.equals("around")) {
        print("around", around);
      } else {
        judge(step, around);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static void judge(String step, TestScope around) throws Exception {
    TestScope scope = StepScopes.of(step, around);
    in(scope, step);
    print(step, scope);
    scope.end();
  }

  private static void message(TestScope around) {
    TestScope scope = StepScopes.of("OrderServiceTest.placesOrder()", around);
    try (TestScope.Entry entry = scope.enter()) {
      SHARED.scheduleAtFixedRate(task(() -> {}), 3 * HOUR, 10 * HOUR);
    }
    System.out.println(TextReport.render(scope.findings()));
    scope.end();
  }

  private static void in(TestScope scope, String step) throws Exception {
    try (TestScope.Entry entry = scope.enter()) {
      run(step);
    }
  }

  private static void print(String name, TestScope scope) {
    System.out.println(StepScopes.verdict(name, scope.findings()));
  }

  private static void run(String step) throws Exception {
    switch (step) {
      case "repeats", "fixture-repeats" -> SHARED.schedule(task(() -> {}), HOUR, HOUR);
      case "repeats-at-a-rate" -> SHARED.scheduleAtFixedRate(task(() -> {}), HOUR, HOUR);
      case "repeats-all-the-time" -> {
        CountDownLatch thrice = new CountDownLatch(3);
        SHARED.schedule(task(thrice::countDown), 0, 1);
        Planted.await(thrice);
      }
      case "later" -> SHARED.schedule(task(() -> {}), HOUR);
      case "blocks" -> {
        CountDownLatch begun = new CountDownLatch(1);
        BLOCKED.schedule(task(() -> PLANTED.waitDeaf(begun)), 0);
        Planted.await(begun);
      }
      // What is clean
      case "cancelled" -> {
        TimerTask every = task(() -> {});
        SHARED.schedule(every, HOUR, HOUR);
        TimerTask once = task(() -> {});
        SHARED.schedule(once, HOUR);
        every.cancel();
        once.cancel();
      }
      case "cancelled-in-time" -> {
        TimerTask every = task(() -> {});
        SHARED.schedule(every, HOUR, HOUR);
        Thread checker = Thread.currentThread();
        new Thread(
                () -> {
                  Planted.awaitWaitingIn(checker, Settling.class);
                  every.cancel();
                })
            .start();
      }
      case "ran" -> {
        CountDownLatch ran = new CountDownLatch(1);
        SHARED.schedule(task(ran::countDown), 1);
        Planted.await(ran);
      }
      case "due-in-time" -> SHARED.schedule(task(() -> {}), TimeUnit.SECONDS.toMillis(20));
      case "refused" -> {
        try {
          SHARED.schedule(FIXTURES, HOUR, HOUR);
        } catch (IllegalStateException asItShould) {
          SHARED.purge();
        }
      }
      case "service" -> SERVICE.place();
      case "cache" -> Cache.put();
      case "own" -> {
        Timer own = new Timer("own", true);
        own.schedule(task(() -> {}), HOUR, HOUR);
        own.cancel();
      }
      case "by-a-task" -> {
        CountDownLatch done = new CountDownLatch(1);
        SHARED.schedule(
            task(
                () -> {
                  SHARED.schedule(task(() -> {}), HOUR);
                  done.countDown();
                }),
            0);
        Planted.await(done);
      }
      default -> throw new IllegalArgumentException(step);
    }
  }
}
