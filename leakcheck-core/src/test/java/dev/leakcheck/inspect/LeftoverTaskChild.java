package dev.leakcheck.inspect;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Coverage;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.TextReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own with executors that are older than any scope. Each argument is something that a
 * test does, and its verdict is a line. The class around the tests answers last.
 */
final class LeftoverTaskChild {

  private static final ScheduledExecutorService SHARED = Executors.newScheduledThreadPool(1);
  private static final ScheduledExecutorService WRAPPED =
      Executors.newSingleThreadScheduledExecutor();
  private static final ScheduledExecutorService DECORATING = new Decorating();
  private static final ScheduledExecutorService WORDED = new Worded();
  private static final ScheduledExecutorService ENDED = new Worded();
  private static final ExecutorService POOL = Executors.newCachedThreadPool();
  private static final ExecutorService FULL = Executors.newFixedThreadPool(1);
  private static final ExecutorService OTHERS = Executors.newFixedThreadPool(1);
  private static final ExecutorService REFUSING =
      new ThreadPoolExecutor(0, 1, 1, TimeUnit.MINUTES, new SynchronousQueue<>());
  private static final ExecutorService ALONE =
      Jdk21.AVAILABLE ? Jdk21.virtualThreadPerTask() : POOL;
  private static final ExecutorService BY_ITSELF =
      Jdk21.AVAILABLE ? Jdk21.threadPerTask(Thread::new) : POOL;
  private static final List<Runnable> KEPT = new ArrayList<>();
  private static final int MANY = 100;
  private static final Service SERVICE = new Service();
  private static final Planted PLANTED = new Planted();

  private LeftoverTaskChild() {}

  /** Looks at something again and again, in whoever's executor. */
  private static final class Poller implements Runnable {
    private final ScheduledExecutorService executor;

    Poller(ScheduledExecutorService executor) {
      this.executor = executor;
    }

    void start() {
      executor.scheduleWithFixedDelay(this, 1, 1, TimeUnit.HOURS);
    }

    @Override
    public void run() {}
  }

  /** A fixture, which schedules as it likes in an executor of its own. */
  private static final class Service {
    private final ScheduledExecutorService own = Executors.newScheduledThreadPool(1);
    private final ExecutorService ownPool = Executors.newCachedThreadPool();
    private final ExecutorService ownAlone =
        Jdk21.AVAILABLE ? Jdk21.virtualThreadPerTask() : ownPool;
    private int orders;

    void place() {
      own.schedule(this::expire, 30, TimeUnit.MINUTES);
      own.scheduleAtFixedRate(() -> orders++, 30, 30, TimeUnit.MINUTES);
      SHARED.scheduleAtFixedRate(this::expire, 30, 30, TimeUnit.MINUTES);
    }

    /** Goes on until it is closed, which it never is here. */
    void work() {
      for (ExecutorService each : List.of(ownPool, ownAlone)) {
        CountDownLatch begun = new CountDownLatch(2);
        each.execute(() -> wait(begun));
        CompletableFuture.runAsync(() -> wait(begun), each);
        Planted.await(begun);
      }
    }

    void fetch(ExecutorService pool) {
      CountDownLatch begun = new CountDownLatch(1);
      Future<?> future = pool.submit(() -> wait(begun));
      Planted.await(begun);
      future.cancel(true);
    }

    private static void wait(CountDownLatch begun) {
      PLANTED.waitDeaf(begun);
    }

    private void expire() {
      orders--;
    }
  }

  /** Is known to nobody, and gives up waiting. */
  private static final class Visitor {
    static void visit(ExecutorService pool) {
      CountDownLatch begun = new CountDownLatch(1);
      Future<?> future = pool.submit(() -> look(begun));
      Planted.await(begun);
      future.cancel(true);
    }

    private static void look(CountDownLatch begun) {
      PLANTED.waitDeaf(begun);
    }
  }

  /** Code of the program's that has a scheduler for everybody. */
  private static final class Cache {
    private static final ScheduledExecutorService EVICTION = Executors.newScheduledThreadPool(1);

    static void put() {
      EVICTION.schedule(() -> System.out.print(""), 30, TimeUnit.MINUTES);
      EVICTION.scheduleAtFixedRate(() -> System.out.print(""), 30, 30, TimeUnit.MINUTES);
    }
  }

  /** Has a class of its own for what is in its queue. */
  private static final class Decorating extends ScheduledThreadPoolExecutor {
    Decorating() {
      super(1);
    }

    @Override
    protected <V> RunnableScheduledFuture<V> decorateTask(
        Runnable runnable, RunnableScheduledFuture<V> task) {
      return new Named<>(task);
    }
  }

  /** Says in its own words whether it was shut down, and is not asked. */
  private static final class Worded extends ScheduledThreadPoolExecutor {
    Worded() {
      super(1);
    }

    @Override
    public boolean isShutdown() {
      return super.isShutdown();
    }
  }

  private record Named<V>(RunnableScheduledFuture<V> task) implements RunnableScheduledFuture<V> {
    @Override
    public boolean isPeriodic() {
      return task.isPeriodic();
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return task.getDelay(unit);
    }

    @Override
    public int compareTo(java.util.concurrent.Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public void run() {
      task.run();
    }

    @Override
    public boolean cancel(boolean interrupt) {
      return task.cancel(interrupt);
    }

    @Override
    public boolean isCancelled() {
      return task.isCancelled();
    }

    @Override
    public boolean isDone() {
      return task.isDone();
    }

    @Override
    public V get() throws InterruptedException, java.util.concurrent.ExecutionException {
      return task.get();
    }

    @Override
    public V get(long time, TimeUnit unit)
        throws InterruptedException,
            java.util.concurrent.ExecutionException,
            java.util.concurrent.TimeoutException {
      return task.get(time, unit);
    }
  }

  /** Whether what could not be seen is printed too. */
  private static boolean notes;

  public static void main(String[] steps) throws Exception {
    for (ExecutorService old :
        List.of(SHARED, WRAPPED, DECORATING, WORDED, ENDED, SERVICE.own, POOL, OTHERS)) {
      old.submit(() -> {}).get();
    }
    Cache.EVICTION.submit(() -> {}).get();
    SHARED.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
    PLANTED.occupy(FULL, 1);
    PLANTED.occupy(REFUSING, 1);
    TestScope.listExecutors();
    TestScope around = StepScopes.around(LeftoverTaskChild.class);
    for (String step : steps) {
      if (step.equals("message")) {
        message(around);
      } else if (step.startsWith("fixture")) {
        in(around, step);
      } else if (step.equals("around")) {
        print("around", around.findings());
      } else if (step.equals("notes")) {
        notes = true;
      } else {
        judge(step, around);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static void judge(String step, TestScope around) throws Exception {
    TestScope scope = StepScopes.of(step, around);
    in(scope, step);
    print(step, scope.findings());
    scope.end();
  }

  private static void message(TestScope around) {
    TestScope scope = StepScopes.of("OrderServiceTest.placesOrder()", around);
    try (TestScope.Entry entry = scope.enter()) {
      for (int i = 0; i < 2; i++) {
        SHARED.scheduleAtFixedRate(() -> System.out.print(""), 3, 10, TimeUnit.HOURS);
      }
    }
    System.out.println(TextReport.render(scope.findings()));
    scope.end();
  }

  private static void in(TestScope scope, String step) throws Exception {
    try (TestScope.Entry entry = scope.enter()) {
      run(step);
    }
  }

  private static void print(String name, Findings findings) {
    System.out.println(StepScopes.verdict(name, findings));
    if (notes) {
      findings.coverage().notes().stream()
          .map(Coverage.Note::text)
          .filter(note -> note.contains("SHARED"))
          .forEach(System.out::println);
    }
  }

  private static void run(String step) throws Exception {
    switch (step) {
      case "repeats", "fixture-repeats" ->
          SHARED.scheduleAtFixedRate(() -> System.out.print(""), 1, 1, TimeUnit.HOURS);
      case "repeats-in-a-wrapper" ->
          WRAPPED.scheduleAtFixedRate(() -> System.out.print(""), 1, 1, TimeUnit.HOURS);
      case "repeats-decorated" ->
          DECORATING.scheduleAtFixedRate(() -> System.out.print(""), 1, 1, TimeUnit.HOURS);
      case "repeats-all-the-time" -> {
        CountDownLatch thrice = new CountDownLatch(3);
        SHARED.scheduleWithFixedDelay(thrice::countDown, 0, 1, TimeUnit.MICROSECONDS);
        Planted.await(thrice);
      }
      case "repeats-in-a-pool-of-its-own-words" ->
          WORDED.scheduleAtFixedRate(() -> System.out.print(""), 1, 1, TimeUnit.HOURS);
      case "ended-in-its-own-words" -> {
        ENDED.schedule(() -> System.out.print(""), 1, TimeUnit.HOURS);
        ENDED.shutdown();
      }
      case "polls" -> new Poller(SHARED).start();
      case "later" -> SHARED.schedule(() -> System.out.print(""), 1, TimeUnit.HOURS);
      case "later-with-a-result" -> SHARED.schedule(() -> "price", 1, TimeUnit.HOURS);
      case "blocks" -> {
        CountDownLatch begun = new CountDownLatch(1);
        POOL.submit(PLANTED.waiting(begun));
        Planted.await(begun);
      }
      case "executed" -> execute(POOL);
      case "executed-later" -> FULL.execute(() -> System.out.print(""));
      case "run-by-a-stage" -> {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture.runAsync(() -> PLANTED.waitDeaf(begun), POOL);
        Planted.await(begun);
      }
      case "executed-again" -> {
        CountDownLatch begun = new CountDownLatch(3);
        Runnable waits = () -> PLANTED.waitDeaf(begun);
        POOL.execute(waits);
        POOL.execute(waits);
        POOL.execute(waits);
        Planted.await(begun);
      }
      case "submitted-alone" -> {
        CountDownLatch begun = new CountDownLatch(1);
        ALONE.submit(PLANTED.waiting(begun));
        Planted.await(begun);
      }
      case "executed-alone" -> execute(ALONE);
      case "executed-by-itself" -> execute(BY_ITSELF);
      case "cancelled-but-deaf" -> {
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> future = POOL.submit(() -> PLANTED.waitDeaf(begun));
        Planted.await(begun);
        future.cancel(true);
      }
      case "cancelled-by-a-visitor" -> Visitor.visit(POOL);
      case "cancelled-by-a-service" -> SERVICE.fetch(POOL);
      case "queued" -> FULL.submit(() -> System.out.print(""));
      // What is clean
      case "cancelled" -> {
        ScheduledFuture<?> every =
            SHARED.scheduleAtFixedRate(() -> System.out.print(""), 1, 1, TimeUnit.HOURS);
        ScheduledFuture<?> once = SHARED.schedule(() -> "price", 1, TimeUnit.HOURS);
        every.cancel(false);
        once.cancel(false);
      }
      case "cancelled-and-ends-in-time" -> {
        Thread checker = Thread.currentThread();
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> future =
            POOL.submit(
                () -> {
                  begun.countDown();
                  Planted.awaitWaitingIn(checker, Settling.class);
                });
        Planted.await(begun);
        future.cancel(false);
      }
      case "cancelled-in-time" -> {
        ScheduledFuture<?> every =
            SHARED.scheduleAtFixedRate(() -> System.out.print(""), 1, 1, TimeUnit.HOURS);
        Thread checker = Thread.currentThread();
        new Thread(
                () -> {
                  Planted.awaitWaitingIn(checker, Settling.class);
                  every.cancel(false);
                })
            .start();
      }
      case "ran" -> {
        SHARED.schedule(() -> "price", 1, TimeUnit.MICROSECONDS).get();
        POOL.submit(() -> "price").get();
      }
      case "executed-and-ran" -> {
        CountDownLatch ran = new CountDownLatch(3 * MANY);
        for (int i = 0; i < MANY; i++) {
          POOL.execute(ran::countDown);
          ALONE.execute(ran::countDown);
          CompletableFuture.runAsync(ran::countDown, POOL);
        }
        Planted.await(ran);
      }
      case "executed-and-ends-in-time" -> {
        Thread checker = Thread.currentThread();
        for (ExecutorService executor : List.of(POOL, ALONE, BY_ITSELF)) {
          executor.execute(() -> Planted.awaitWaitingIn(checker, Settling.class));
        }
      }
      case "refused" -> {
        Runnable refused = () -> System.out.print("");
        try {
          REFUSING.execute(refused);
        } catch (RejectedExecutionException asItShould) {
          KEPT.add(refused);
        }
      }
      case "service-executes" -> SERVICE.work();
      case "due-in-time" -> SHARED.schedule(() -> System.out.print(""), 20, TimeUnit.SECONDS);
      case "ends-in-time" -> {
        Thread checker = Thread.currentThread();
        POOL.submit(() -> Planted.awaitWaitingIn(checker, Settling.class));
      }
      case "service" -> SERVICE.place();
      case "cache" -> Cache.put();
      case "fixture-chain" -> chain();
      case "beside-a-chain" -> {
        awaitChain();
        awaitChain();
      }
      case "by-others" -> {
        // A worker of an older pool works for whomever: nobody knows.
        CountDownLatch done = new CountDownLatch(1);
        OTHERS.execute(
            () -> {
              SHARED.schedule(() -> "price", 1, TimeUnit.HOURS);
              done.countDown();
            });
        Planted.await(done);
      }
      default -> throw new IllegalArgumentException(step);
    }
  }

  private static void execute(ExecutorService executor) {
    CountDownLatch begun = new CountDownLatch(1);
    executor.execute(() -> PLANTED.waitDeaf(begun));
    Planted.await(begun);
  }

  private static volatile CountDownLatch runs = new CountDownLatch(1);

  private static void awaitChain() {
    CountDownLatch next = new CountDownLatch(1);
    runs = next;
    Planted.await(next);
  }

  /** Each run schedules the next. */
  private static void chain() {
    Callable<Object> link =
        () -> {
          runs.countDown();
          chain();
          return "done";
        };
    SHARED.schedule(link, 1, TimeUnit.MILLISECONDS);
  }
}
