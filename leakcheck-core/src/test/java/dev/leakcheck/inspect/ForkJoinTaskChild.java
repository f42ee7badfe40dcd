package dev.leakcheck.inspect;

import dev.leakcheck.Planted;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.report.TextReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own with fork-join pools that are older than any scope. Each argument is something
 * that a test does, and its verdict is a line.
 */
final class ForkJoinTaskChild {

  private static final ForkJoinPool POOL = new ForkJoinPool(16);
  private static final ForkJoinPool FULL = new ForkJoinPool(1);
  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.HOURS);
  private static final Executor SOON = CompletableFuture.delayedExecutor(20, TimeUnit.SECONDS);
  private static final CompletableFuture<String> NEVER = new CompletableFuture<>();
  private static final Service SERVICE = new Service();
  private static final Planted PLANTED = new Planted();

  private ForkJoinTaskChild() {}

  /** A fixture, which works as it likes in a pool of its own. */
  private static final class Service {
    private final ForkJoinPool own = new ForkJoinPool(2);
    private int orders;

    void work() {
      CountDownLatch begun = new CountDownLatch(1);
      own.execute(() -> handle(begun));
      Planted.await(begun);
    }

    private void handle(CountDownLatch begun) {
      orders++;
      PLANTED.waitDeaf(begun);
    }
  }

  private static final class Waiting extends RecursiveAction {
    private static final long serialVersionUID = 1;
    private final transient CountDownLatch begun;

    Waiting(CountDownLatch begun) {
      this.begun = begun;
    }

    @Override
    protected void compute() {
      PLANTED.waitDeaf(begun);
    }
  }

  /** Runs, and never says that it is done. */
  private static final class Silent extends ForkJoinTask<Void> {
    private static final long serialVersionUID = 1;
    private final transient CountDownLatch ran;

    Silent(CountDownLatch ran) {
      this.ran = ran;
    }

    @Override
    public Void getRawResult() {
      return null;
    }

    @Override
    protected void setRawResult(Void value) {}

    @Override
    protected boolean exec() {
      ran.countDown();
      return false;
    }
  }

  public static void main(String[] steps) throws Exception {
    POOL.submit(() -> {}).get();
    SERVICE.own.submit(() -> {}).get();
    CountDownLatch full = new CountDownLatch(1);
    FULL.execute(() -> PLANTED.waitDeaf(full));
    Planted.await(full);
    TestScope around = StepScopes.around(ForkJoinTaskChild.class);
    for (String step : steps) {
      TestScope scope = StepScopes.of(step, around);
      try (TestScope.Entry entry = scope.enter()) {
        run(step);
      }
      if (step.startsWith("message")) {
        System.out.println(TextReport.render(scope.findings()));
      } else {
        System.out.println(StepScopes.verdict(step, scope.findings()));
      }
      scope.end();
    }
    Runtime.getRuntime().halt(0);
  }

  private static void run(String step) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    switch (step) {
      case "submitted", "message-of-a-pool" -> {
        POOL.submit(() -> PLANTED.waitDeaf(begun));
        Planted.await(begun);
      }
      case "submitted-with-a-result" -> {
        POOL.submit(
            () -> {
              PLANTED.waitDeaf(begun);
              return "price";
            });
        Planted.await(begun);
      }
      case "executed" -> {
        POOL.execute(() -> PLANTED.waitDeaf(begun));
        Planted.await(begun);
      }
      case "recursive" -> {
        POOL.execute(new Waiting(begun));
        Planted.await(begun);
      }
      case "run-by-a-stage" -> {
        CompletableFuture.runAsync(() -> PLANTED.waitDeaf(begun), POOL);
        Planted.await(begun);
      }
      case "goes-on-with-a-stage" -> {
        CompletableFuture.completedFuture("price")
            .thenAcceptAsync(price -> PLANTED.waitDeaf(begun), POOL);
        Planted.await(begun);
      }
      case "queued" -> FULL.submit(() -> System.out.print(""));
      case "delayed", "message-of-a-delay" ->
          CompletableFuture.runAsync(() -> System.out.print(""), LATER);
      case "delayed-with-a-result" -> CompletableFuture.supplyAsync(() -> "price", LATER);
      case "delayed-without-a-stage", "message-of-a-delay-without-a-stage" ->
          LATER.execute(() -> System.out.print(""));
      case "scheduled" -> scheduler().schedule(() -> System.out.print(""), 1, TimeUnit.HOURS);
      case "repeats" ->
          scheduler().scheduleAtFixedRate(() -> System.out.print(""), 1, 1, TimeUnit.HOURS);
      // What is clean
      case "ran" -> {
        POOL.submit(() -> {}).get();
        POOL.invoke(ForkJoinTask.adapt(() -> {}));
        CompletableFuture.runAsync(() -> {}, POOL).get();
      }
      case "ends-in-time" -> {
        Thread checker = Thread.currentThread();
        POOL.submit(() -> Planted.awaitWaitingIn(checker, Settling.class));
        CompletableFuture.runAsync(() -> Planted.awaitWaitingIn(checker, Settling.class), POOL);
      }
      case "never-done" -> {
        POOL.execute(new Silent(begun));
        Planted.await(begun);
      }
      case "delayed-and-cancelled" ->
          CompletableFuture.runAsync(() -> System.out.print(""), LATER).cancel(false);
      case "delayed-and-completed" ->
          CompletableFuture.supplyAsync(() -> "price", LATER).complete("none");
      case "delayed-and-due-in-time" ->
          CompletableFuture.runAsync(() -> System.out.print(""), SOON);
      case "time-limit" -> NEVER.copy().orTimeout(1, TimeUnit.HOURS);
      case "default-after-a-time" -> NEVER.copy().completeOnTimeout("none", 1, TimeUnit.HOURS);
      case "time-limit-of-what-completed" ->
          new CompletableFuture<String>().orTimeout(1, TimeUnit.HOURS).complete("price");
      case "service" -> SERVICE.work();
      default -> throw new IllegalArgumentException(step);
    }
  }

  /** A fork-join pool is one since Java 25. */
  private static ScheduledExecutorService scheduler() {
    return (Object) POOL instanceof ScheduledExecutorService scheduler
        ? scheduler
        : Executors.newScheduledThreadPool(1);
  }
}
