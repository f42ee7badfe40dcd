package dev.leakcheck.agent;

import dev.leakcheck.Golden;
import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakCheckSettings;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.TextReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that has the agent, lets tasks fail in scopes and prints what these tell. */
final class FailedTasksChild {

  private static final LeakCheckOptions PATIENT =
      LeakCheckOptions.defaults().settle(Duration.ofSeconds(25));

  private static final LinkedBlockingQueue<Future<?>> WATCHED = new LinkedBlockingQueue<>();
  private static final Thread WATCHER = new Thread(FailedTasksChild::watch, "watcher");

  private FailedTasksChild() {}

  private static void watch() {
    try {
      failure(WATCHED.take()::get);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Code of a scope. */
  private interface Body {
    void run() throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    System.setErr(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
    switch (arguments[0]) {
      case "unseen" -> unseen();
      case "seen" -> seen();
      case "message" -> message();
      case "deaths" -> deaths();
      case "threads for tasks" -> threadsForTasks();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void unseen() throws Exception {
    check("submitted", () -> withPool(pool -> pool.submit(FailedTasksChild::fail)));
    check("submitted and dropped", FailedTasksChild::submitAndCollect);
    check(
        "task of a class of its own",
        () -> withPool(pool -> pool.execute(new Untold(FailedTasksChild::fail))));
    check("waited for with isDone", FailedTasksChild::isDoneOnly);
    check(
        "scheduled",
        () -> withScheduler(s -> s.schedule(FailedTasksChild::fail, 0, TimeUnit.MILLISECONDS)));
    check("periodic", FailedTasksChild::periodic);
    check(
        "three times",
        () ->
            withPool(
                pool -> {
                  for (int i = 0; i < 3; i++) {
                    pool.submit(FailedTasksChild::fail);
                  }
                }));
    check("assertion", () -> withPool(pool -> pool.submit(FailedTasksChild::assertNothing)));
    ExecutorService fixtures = Executors.newSingleThreadExecutor();
    fixtures.submit(() -> {}).get();
    check(
        "in an older pool",
        () -> {
          fixtures.submit(FailedTasksChild::fail);
          fixtures.submit(() -> {}).get();
        });
    fixtures.shutdown();
    ExecutorService told = poolThatIsToldOf();
    check(
        "in a pool that another scope told of",
        () -> {
          told.submit(FailedTasksChild::fail);
          told.submit(() -> {}).get();
        });
    told.shutdown();
    check(
        "completion service that nobody asks",
        () ->
            withPool(
                pool ->
                    new ExecutorCompletionService<Void>(pool).submit(FailedTasksChild::failCall)));
  }

  /** One that is made where it is first needed, and kept. */
  private static ExecutorService poolThatIsToldOf() throws Exception {
    LeakScope scope = LeakCheck.open(PATIENT);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    pool.submit(() -> {}).get();
    if (scope.findings().isEmpty()) {
      throw new AssertionError("the pool was not told of");
    }
    scope.end();
    return pool;
  }

  private static void seen() throws Exception {
    WATCHER.setDaemon(true);
    WATCHER.start();
    check("nothing", () -> {});
    check(
        "asked",
        () ->
            withPool(
                pool -> {
                  Future<?> future = pool.submit(FailedTasksChild::fail);
                  failure(future::get);
                  failure(() -> future.get(1, TimeUnit.SECONDS));
                }));
    check(
        "asked with a time limit",
        () ->
            withPool(
                pool ->
                    failure(() -> pool.submit(FailedTasksChild::fail).get(30, TimeUnit.SECONDS))));
    check("asked after the pool", FailedTasksChild::askedLater);
    check("cancelled before it failed", FailedTasksChild::cancelledWhileItRuns);
    check(
        "cancelled after it failed",
        () -> {
          Future<?>[] future = new Future<?>[1];
          withPool(pool -> future[0] = pool.submit(FailedTasksChild::fail));
          future[0].cancel(true);
        });
    check("interrupted", FailedTasksChild::interrupted);
    check("stopped once it was told of", FailedTasksChild::stopped);
    check(
        "invokeAny",
        () ->
            withPool(
                pool -> {
                  Callable<String> works = () -> "works";
                  pool.invokeAny(
                      List.of(FailedTasksChild::failString, works, FailedTasksChild::failString));
                }));
    check(
        "invokeAll",
        () ->
            withPool(
                pool ->
                    pool.invokeAll(
                        List.<Callable<Void>>of(
                            FailedTasksChild::failCall, FailedTasksChild::failCall))));
    check(
        "completion service",
        () ->
            withPool(
                pool -> {
                  ExecutorCompletionService<Void> service = new ExecutorCompletionService<>(pool);
                  service.submit(FailedTasksChild::failCall);
                  failure(() -> service.take().get());
                }));
    check("done() that asks", FailedTasksChild::doneThatAsks);
    check(
        "setException that is overridden",
        () -> withPool(pool -> pool.execute(new Told(FailedTasksChild::fail))));
    check("afterExecute that asks", FailedTasksChild::afterExecuteThatAsks);
    check("run by the test itself", () -> new FutureTask<>(FailedTasksChild::fail, null).run());
    FutureTask<?> older = new FutureTask<>(FailedTasksChild::fail, null);
    check("older than the scope", () -> inThread(older));
    if (Jdk21.AVAILABLE) {
      check(
          "state",
          () -> {
            Future<?>[] future = new Future<?>[1];
            withPool(pool -> future[0] = pool.submit(FailedTasksChild::fail));
            Future.class.getMethod("state").invoke(future[0]);
          });
      check(
          "exceptionNow",
          () -> {
            Future<?>[] future = new Future<?>[1];
            withPool(pool -> future[0] = pool.submit(FailedTasksChild::fail));
            Future.class.getMethod("exceptionNow").invoke(future[0]);
          });
    } else {
      System.out.println("state: passed");
      System.out.println("exceptionNow: passed");
    }
    check("waited for by a thread that is slow to ask", FailedTasksChild::waitedFor);
    check("thread-per-task executor", FailedTasksChild::perTask);
    race();
  }

  /** The check is over before the one who waits, and is no thread of the scope, has asked. */
  private static void waitedFor() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    CountDownLatch waiting = new CountDownLatch(1);
    Future<?> future =
        pool.submit(
            () -> {
              Planted.await(waiting);
              fail();
            });
    WATCHED.put(future);
    Planted.awaitWaitingIn(WATCHER, FutureTask.class);
    waiting.countDown();
    end(pool);
  }

  private static void perTask() throws Exception {
    if (!Jdk21.AVAILABLE) {
      return;
    }
    ExecutorService executor = Jdk21.threadPerTask(Thread::new);
    Callable<String> works = () -> "works";
    executor.invokeAny(List.of(FailedTasksChild::failString, works));
    executor.invokeAll(List.<Callable<Void>>of(FailedTasksChild::failCall));
    failure(executor.submit(FailedTasksChild::fail)::get);
    end(executor);
  }

  /** In executors that start a thread for each task. */
  private static void threadsForTasks() throws Exception {
    ThreadFactory virtual = Jdk21.virtualThreads();
    check("own", () -> failIn(Jdk21.threadPerTask(virtual)));
    check("platform threads", () -> failIn(Jdk21.threadPerTask(Thread::new)));
    check(
        "factory that wraps the task",
        () ->
            failIn(
                Jdk21.threadPerTask(
                    task -> virtual.newThread(() -> task.run())))); // not the task itself
    check("asked", () -> failure(failIn(Jdk21.threadPerTask(virtual))::get));
    check(
        "given by a thread of the scope",
        () -> {
          ExecutorService executor = Jdk21.threadPerTask(virtual);
          inThread(() -> executor.submit(FailedTasksChild::fail));
          end(executor);
        });
    check(
        "given by a task",
        () -> {
          ExecutorService executor = Jdk21.threadPerTask(virtual);
          executor.submit(() -> executor.submit(FailedTasksChild::fail)).get();
          end(executor);
        });
    LeakScope outer = LeakCheck.open(PATIENT.named("outer"));
    ExecutorService executor = Jdk21.threadPerTask(virtual);
    check(
        "of the scope around",
        () -> {
          Future<?> future = executor.submit(FailedTasksChild::fail);
          while (!future.isDone()) { // which asks nothing
            Thread.onSpinWait();
          }
        });
    end(executor);
    LeakScope inner = LeakCheck.open(PATIENT.named("inner"));
    ExecutorService inners = Jdk21.threadPerTask(virtual);
    CountDownLatch go = new CountDownLatch(1);
    inners.submit(
        () -> {
          Planted.await(go);
          fail();
        });
    inner.end();
    go.countDown(); // what its scope has not told nobody does
    end(inners);
    tell("scope around", outer.findings());
    outer.end();
    ExecutorService fixtures = Jdk21.threadPerTask(virtual);
    check(
        "of an older executor",
        () -> {
          Future<?> future = fixtures.submit(FailedTasksChild::fail);
          while (!future.isDone()) {
            Thread.onSpinWait();
          }
        });
    end(fixtures);
  }

  private static Future<?> failIn(ExecutorService executor) throws Exception {
    Future<?> future = executor.submit(FailedTasksChild::fail);
    end(executor);
    return future;
  }

  /** Whether whoever asks a task at the very moment at which it fails has asked it. */
  private static void race() throws Exception {
    check(
        "race with get and cancel",
        () -> {
          ExecutorService pool = Executors.newFixedThreadPool(2);
          for (int i = 0; i < 2_000; i++) {
            CyclicBarrier barrier = new CyclicBarrier(2);
            Future<?> future =
                pool.submit(
                    () -> {
                      barrier.await();
                      throw new IllegalStateException("no price");
                    });
            barrier.await();
            if (i % 2 == 0) {
              failure(future::get);
            } else {
              future.cancel(false);
            }
          }
          end(pool);
        });
  }

  private static void message() throws Exception {
    LeakScope scope = LeakCheck.open(PATIENT.named("OrderServiceTest.placesOrder()"));
    periodic();
    print(scope);
    scope = LeakCheck.open(PATIENT.named("OrderServiceTest.placesOrder()"));
    Thread thread = new Thread(FailedTasksChild::fail, "price-poller-1");
    thread.start();
    Planted.awaitEnd(thread);
    print(scope);
  }

  private static void print(LeakScope scope) {
    try {
      scope.close();
    } catch (AssertionError e) {
      System.out.println(Golden.normalise(e.getMessage()));
    }
  }

  private static void deaths() throws Exception {
    check("thread of the scope", () -> inThread(FailedTasksChild::fail));
    ExecutorService fixtures = Executors.newSingleThreadExecutor();
    CountDownLatch go = new CountDownLatch(1);
    Thread older =
        new Thread(
            () -> {
              Planted.await(go);
              fail();
            });
    older.start();
    check(
        "older thread",
        () -> {
          go.countDown();
          Planted.awaitEnd(older);
        });
    LeakScope outer = LeakCheck.open(PATIENT.named("outer"));
    ExecutorService pool = Executors.newSingleThreadExecutor();
    check(
        "worker of the scope around",
        () -> {
          pool.execute(FailedTasksChild::fail);
          pool.submit(() -> {}).get();
        });
    end(pool);
    tell("scope around", outer.findings());
    outer.end();
    fixtures.shutdown();
    check(
        "thread beside",
        () -> {
          CountDownLatch opened = new CountDownLatch(1);
          CountDownLatch checked = new CountDownLatch(1);
          Thread other =
              new Thread(
                  () -> {
                    LeakScope beside = LeakCheck.open(PATIENT);
                    Thread dying = new Thread(FailedTasksChild::fail);
                    dying.start();
                    Planted.awaitEnd(dying);
                    opened.countDown();
                    Planted.await(checked);
                    beside.end();
                  });
          other.start();
          Planted.await(opened);
          LeakScope own = LeakCheck.open(PATIENT);
          tell("scope beside", own.findings());
          own.end();
          checked.countDown();
          Planted.awaitEnd(other);
        });
  }

  private static void check(String name, Body body) throws Exception {
    LeakScope scope = LeakCheck.open(PATIENT.named(name));
    body.run();
    Findings findings = scope.findings();
    scope.end();
    tell(name, findings);
  }

  private static void tell(String name, Findings findings) {
    StringBuilder line = new StringBuilder(name).append(':');
    for (Finding finding : findings.list()) {
      line.append(' ').append(finding.kind().id()).append(' ').append(finding.title()).append(';');
    }
    System.out.println(findings.isEmpty() ? name + ": passed" : line);
    if (findings.list().size() > 1) {
      System.out.println(TextReport.render(findings));
    }
  }

  private static void fail() {
    throw new IllegalStateException("no price");
  }

  private static Void failCall() {
    fail();
    return null;
  }

  private static String failString() {
    fail();
    return "";
  }

  private static void assertNothing() {
    throw new AssertionError("expected 1 but was 2");
  }

  /** A task that is given its exception. */
  private static final class Told extends FutureTask<Void> {
    Told(Runnable body) {
      super(body, null);
    }

    @Override
    protected void setException(Throwable exception) {
      super.setException(exception);
    }
  }

  /** A task that is given what it comes to, and not its exception. */
  private static final class Untold extends FutureTask<Void> {
    Untold(Runnable body) {
      super(body, null);
    }

    @Override
    protected void set(Void result) {
      super.set(result);
    }

    void setException(String words) {
      throw new AssertionError(words);
    }
  }

  private interface Use<E> {
    void use(E executor) throws Exception;
  }

  private static void withPool(Use<ExecutorService> use) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    use.use(pool);
    end(pool);
  }

  private static void withScheduler(Use<ScheduledExecutorService> use) throws Exception {
    ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    use.use(scheduler);
    end(scheduler);
  }

  private static void end(ExecutorService pool) throws InterruptedException {
    pool.shutdown();
    if (!pool.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new AssertionError(pool + " does not end");
    }
  }

  private static void failure(Callable<?> asking) throws Exception {
    try {
      asking.call();
      throw new AssertionError("did not fail");
    } catch (ExecutionException expected) {
      return;
    }
  }

  private static void inThread(Runnable body) {
    Thread thread = new Thread(body, "planted");
    thread.start();
    Planted.awaitEnd(thread);
  }

  private static void submitAndCollect() throws Exception {
    withPool(pool -> pool.submit(FailedTasksChild::fail));
    System.gc();
    System.gc();
  }

  private static void isDoneOnly() throws Exception {
    withPool(
        pool -> {
          Future<?> future = pool.submit(FailedTasksChild::fail);
          while (!future.isDone()) {
            Thread.onSpinWait();
          }
        });
  }

  private static void periodic() throws Exception {
    ScheduledExecutorService scheduler =
        Executors.newScheduledThreadPool(1, task -> new Thread(task, "price-scheduler-1"));
    Future<?> future =
        scheduler.scheduleAtFixedRate(FailedTasksChild::fail, 0, 1, TimeUnit.MILLISECONDS);
    while (!future.isDone()) {
      Thread.onSpinWait();
    }
    end(scheduler);
  }

  private static void askedLater() throws Exception {
    Future<?>[] future = new Future<?>[1];
    withPool(pool -> future[0] = pool.submit(FailedTasksChild::fail));
    failure(() -> future[0].get());
  }

  private static void cancelledWhileItRuns() throws Exception {
    withPool(
        pool -> {
          CountDownLatch started = new CountDownLatch(1);
          CountDownLatch cancelled = new CountDownLatch(1);
          Future<?> future =
              pool.submit(
                  () -> {
                    started.countDown();
                    Planted.await(cancelled);
                    fail();
                  });
          Planted.await(started);
          future.cancel(false);
          cancelled.countDown();
        });
  }

  private static void interrupted() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    CountDownLatch started = new CountDownLatch(1);
    pool.submit(
        () -> {
          started.countDown();
          return new LinkedBlockingQueue<String>().take();
        });
    Planted.await(started);
    pool.shutdownNow();
    end(pool);
  }

  private static void stopped() throws Exception {
    LeakScope scope =
        LeakCheck.open(PATIENT.settle(Duration.ZERO).afterwards(LeakCheckSettings.Afterwards.STOP));
    ExecutorService pool = Executors.newFixedThreadPool(1);
    CountDownLatch started = new CountDownLatch(1);
    pool.submit(
        () -> {
          started.countDown();
          try {
            new LinkedBlockingQueue<String>().take();
          } catch (InterruptedException e) {
            fail();
          }
        });
    Planted.await(started);
    try {
      scope.close();
      throw new AssertionError("nothing was told");
    } catch (LeakAssertionError told) {
      end(pool);
    }
  }

  private static void doneThatAsks() {
    // What a library's own future does that tells its listeners.
    inThread(
        new FutureTask<Void>(FailedTasksChild::fail, null) {
          @Override
          protected void done() {
            try {
              failure(this::get);
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
        });
  }

  /** Asks while the check waits already. */
  private static void afterExecuteThatAsks() {
    Thread checker = Thread.currentThread();
    ExecutorService pool =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
          @Override
          protected void afterExecute(Runnable task, Throwable nothing) {
            while (!hasFrame(checker)) {
              Thread.onSpinWait();
            }
            try {
              failure(((Future<?>) task)::get);
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
        };
    pool.submit(FailedTasksChild::fail);
    pool.shutdown();
  }

  private static boolean hasFrame(Thread checker) {
    for (StackTraceElement frame : checker.getStackTrace()) {
      if (frame.getClassName().equals("dev.leakcheck.engine.Settling")
          && frame.getMethodName().equals("pauseUntil")) {
        return true;
      }
    }
    return false;
  }
}
