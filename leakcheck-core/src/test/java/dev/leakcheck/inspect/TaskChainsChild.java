package dev.leakcheck.inspect;

import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A JVM of its own with executors that are older than any scope, and tasks in them that give the
 * next. Each argument is what the one test of a class does; its verdict and the class's are a line.
 */
final class TaskChainsChild {

  private static final ScheduledExecutorService SHARED = Executors.newScheduledThreadPool(2);
  private static final ScheduledExecutorService OTHERS = Executors.newScheduledThreadPool(1);
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);
  private static final Timer TIMER = new Timer(true);
  private static final Service SERVICE = new Service();
  private static final Planted PLANTED = new Planted();

  /** As many links as prove a chain. */
  private static final int SEVERAL = 5;

  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private TaskChainsChild() {}

  /** Gives itself again each time, as often as it was told to. */
  private static final class Link implements Runnable {
    private final AtomicInteger left;
    private final int millis;
    private final CountDownLatch ran = new CountDownLatch(SEVERAL);

    Link(int times, int millis) {
      left = new AtomicInteger(times);
      this.millis = millis;
    }

    @Override
    public void run() {
      ran.countDown();
      if (left.decrementAndGet() > 0) {
        SHARED.schedule(this, millis, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static final class Tick extends TimerTask {
    private final CountDownLatch ran;

    Tick(CountDownLatch ran) {
      this.ran = ran;
    }

    @Override
    public void run() {
      ran.countDown();
      TIMER.schedule(new Tick(ran), 1);
    }
  }

  /** A fixture that keeps house in an executor of its own. */
  private static final class Service {
    private final ScheduledExecutorService own = Executors.newScheduledThreadPool(1);
    private final CountDownLatch ran = new CountDownLatch(SEVERAL);

    void place() {
      own.schedule(this::expire, 1, TimeUnit.MILLISECONDS);
      Planted.await(ran);
    }

    private void expire() {
      ran.countDown();
      own.schedule(this::expire, 1, TimeUnit.MILLISECONDS);
    }
  }

  private static void start(int millis) {
    Link link = new Link(Integer.MAX_VALUE, millis);
    SHARED.schedule(link, millis, TimeUnit.MILLISECONDS);
    Planted.await(link.ran);
  }

  private static void execute(CountDownLatch ran) {
    POOL.execute(
        () -> {
          ran.countDown();
          LockSupport.parkNanos(BETWEEN_NANOS);
          execute(ran);
        });
  }

  private static void submit(CountDownLatch ran) {
    POOL.submit(
        () -> {
          ran.countDown();
          LockSupport.parkNanos(BETWEEN_NANOS);
          submit(ran);
        });
  }

  public static void main(String[] steps) throws Exception {
    SHARED.submit(() -> {}).get();
    OTHERS.submit(() -> {}).get();
    SERVICE.own.submit(() -> {}).get();
    POOL.submit(() -> {}).get();
    TestScope.listExecutors();
    for (String step : steps) {
      TestScope around = TestScope.open(options("OrderServiceTest", step).byEntry());
      around.watchStatics(TaskChainsChild.class);
      TestScope scope =
          TestScope.open(
              options("OrderServiceTest.placesOrder()", step)
                  .brief()
                  .byEntry()
                  .within(around)
                  .followed());
      try (TestScope.Entry entry = scope.enter()) {
        run(step);
      }
      String ofTest = StepScopes.verdict(step, scope.findings());
      scope.end();
      if (step.equals("message")) {
        System.out.println(TextReport.render(around.findings()));
      } else {
        System.out.println(StepScopes.verdict(ofTest, around.findings()));
      }
      around.end();
    }
    Runtime.getRuntime().halt(0);
  }

  /**
   * What ends gets far longer than it needs; the wait for what goes on is as short as it may be.
   */
  private static TestOptions options(String name, String step) {
    return TestOptions.of(LeakCheckOptions.defaults())
        .named(name)
        .settle(
            step.endsWith("-in-time")
                ? Duration.ofSeconds(25)
                : step.startsWith("begins") ? Duration.ofSeconds(3) : Duration.ofMillis(100));
  }

  private static void run(String step) throws Exception {
    CountDownLatch ran = new CountDownLatch(SEVERAL);
    switch (step) {
      case "schedules-itself" -> start(1);
      case "message" -> start(100);
      case "begins-when-the-test-is-over" ->
          SHARED.schedule(new Link(Integer.MAX_VALUE, 1), 20, TimeUnit.MILLISECONDS);
      case "executes-another" -> {
        execute(ran);
        Planted.await(ran);
      }
      case "executes-itself" -> {
        Runnable[] itself = {null};
        itself[0] =
            () -> {
              ran.countDown();
              LockSupport.parkNanos(BETWEEN_NANOS);
              POOL.execute(itself[0]);
            };
        POOL.execute(itself[0]);
        Planted.await(ran);
      }
      case "submits-another" -> {
        submit(ran);
        Planted.await(ran);
      }
      case "ticks" -> {
        TIMER.schedule(new Tick(ran), 1);
        Planted.await(ran);
      }
      case "gives-one-that-blocks" -> {
        CountDownLatch begun = new CountDownLatch(1);
        POOL.submit(() -> POOL.submit(PLANTED.waiting(begun))).get();
        Planted.await(begun);
      }
      case "gives-one-for-later" ->
          SHARED.submit(() -> SHARED.schedule(() -> System.out.print(""), 1, TimeUnit.HOURS)).get();
      // What is clean
      case "ends-in-time" -> SHARED.schedule(new Link(20, 1), 1, TimeUnit.MILLISECONDS);
      case "ran-in-time" -> SHARED.schedule(() -> {}, 20, TimeUnit.MILLISECONDS);
      case "gives-one-to-another" ->
          POOL.submit(() -> SHARED.schedule(() -> System.out.print(""), 1, TimeUnit.HOURS)).get();
      case "service" -> SERVICE.place();
      case "nothing" -> {}
      default -> throw new IllegalArgumentException(step);
    }
  }
}
