package dev.leakcheck.inspect;

import dev.leakcheck.Planted;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.report.TextReport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import vendor.works.Works;

/**
 * A JVM of its own in which tests are the first to use what a class keeps for everybody. Each
 * argument is something that a test does, and its verdict is a line.
 */
final class KeptPoolsChild {

  private static final Planted PLANTED = new Planted();

  private KeptPoolsChild() {}

  /** A class of the program's that has a pool for everybody. */
  private static final class Mailer {
    private static final ExecutorService POOL = Executors.newCachedThreadPool();
  }

  /** Of no type that says that it is there to be called. */
  private static final class Stuck implements Works.Source {
    private final CountDownLatch begun = new CountDownLatch(1);

    @Override
    public boolean next() {
      PLANTED.waitDeaf(begun);
      return false;
    }
  }

  private static final class Endless implements Works.Source {
    private final CountDownLatch begun = new CountDownLatch(3);

    @Override
    public boolean next() {
      begun.countDown();
      return true;
    }
  }

  public static void main(String[] steps) {
    TestScope around = StepScopes.around(KeptPoolsChild.class);
    for (String step : steps) {
      TestScope scope = StepScopes.of(step, around);
      try (TestScope.Entry entry = scope.enter()) {
        run(step);
      }
      System.out.println(
          step.equals("message")
              ? TextReport.render(scope.findings())
              : StepScopes.verdict(step, scope.findings()));
      scope.end();
    }
    Runtime.getRuntime().halt(0);
  }

  private static void run(String step) {
    switch (step) {
      case "given", "message" -> give(Works.pool());
      case "given-to-a-class" -> give(Mailer.POOL);
      case "given-to-ones-own" -> {
        ExecutorService own = Executors.newCachedThreadPool();
        give(own);
      }
      case "stuck" -> {
        Stuck source = new Stuck();
        Works.read(source);
        awaitStuck(source);
      }
      case "stuck-in-a-lazy-pool" -> {
        Stuck source = new Stuck();
        Works.readLazily(source);
        awaitStuck(source);
      }
      case "stuck-in-a-future" -> {
        Stuck source = new Stuck();
        Works.submit(source);
        awaitStuck(source);
      }
      case "called-back" -> {
        Endless source = new Endless();
        Works.read(source);
        Planted.await(source.begun);
      }
      case "ended-in-time" -> {
        CountDownLatch ran = new CountDownLatch(1);
        Works.pool().execute(ran::countDown);
        Planted.await(ran);
      }
      case "librarys" -> Works.keepHouse();
      default -> throw new IllegalArgumentException(step);
    }
  }

  private static void awaitStuck(Stuck source) {
    Planted.await(source.begun);
    while (Thread.getAllStackTraces().keySet().stream().noneMatch(KeptPoolsChild::isStuck)) {
      Thread.onSpinWait();
    }
  }

  private static boolean isStuck(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        && Planted.hasFrame(thread, Stuck.class, "next");
  }

  private static void give(ExecutorService pool) {
    CountDownLatch begun = new CountDownLatch(1);
    pool.execute(PLANTED.waiting(begun));
    Planted.await(begun);
  }
}
