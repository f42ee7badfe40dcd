package dev.leakcheck.agent;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import dev.leakcheck.capture.base.Garbage;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Findings;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A JVM of its own in which nothing refers to an executor or a timer any more, and the collector
 * runs at a given time. Prints what is told of it, and what the scope around it is left with.
 */
final class CollectedExecutorsChild {

  private static final Duration SETTLE = Duration.ofMillis(600);

  private CollectedExecutorsChild() {}

  /** Makes something that nothing refers to when it returns. */
  private interface Leak {
    WeakReference<?> leave() throws Exception;
  }

  /** Takes what to leave, and when the collector runs: once for each time. */
  public static void main(String[] args) throws Exception {
    for (int i = 1; i < args.length; i++) {
      leave(args[0], args[i]);
    }
    Runtime.getRuntime().halt(0);
  }

  private static void leave(String what, String when) throws Exception {
    CountDownLatch checking = new CountDownLatch(1);
    Thread checker = Thread.currentThread();
    Thread collector = new Thread(() -> collectWhenItWaits(checker, checking), "collector");
    collector.setDaemon(true);
    collector.start(); // works for nobody
    TestScope around = TestScope.open(options("around").byEntry());
    TestScope scope = TestScope.open(options("OrdersTest.places()").byEntry().within(around));
    try (TestScope.Entry entry = scope.enter()) {
      WeakReference<?> left = leak(what).leave();
      if (when.equals("before")) {
        awaitCollected(left);
      }
    }
    if (when.equals("during")) {
      checking.countDown();
    }
    print(scope);
    if (when.equals("after")) {
      Garbage.collect();
    }
    scope.end();
    print(around);
    around.end();
  }

  private static TestOptions options(String name) {
    return TestOptions.of(LeakCheckOptions.defaults()).named(name).settle(SETTLE);
  }

  private static Leak leak(String name) {
    return switch (name) {
      case "single" -> () -> used(Executors.newSingleThreadExecutor());
      case "single-unused" -> () -> new WeakReference<>(Executors.newSingleThreadExecutor());
      case "cached" -> () -> new WeakReference<>(Executors.newCachedThreadPool());
      case "timing-out" ->
          () -> {
            ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                    1, 1, 20, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>());
            pool.allowCoreThreadTimeOut(true);
            return used(pool);
          };
      case "per-task" -> CollectedExecutorsChild::perTask;
      case "shut-down" ->
          () -> {
            ExecutorService single = Executors.newSingleThreadExecutor();
            single.shutdown();
            return used(single);
          };
      case "shut-down-by-a-namesake" ->
          () -> {
            ExecutorService single = Executors.newSingleThreadExecutor();
            for (String cleaner : List.of("Common-Cleaner", "Finalizer", "Secondary finalizer")) {
              Thread thread = new Thread(single::shutdown, cleaner);
              thread.start();
              thread.join();
            }
            return used(single);
          };
      case "timer" -> () -> new WeakReference<>(new Timer("refresh", true));
      case "timer-used" ->
          () -> {
            Timer timer = new Timer("refresh", true);
            CountDownLatch ran = new CountDownLatch(1);
            timer.schedule(task(ran::countDown), 0);
            Planted.await(ran);
            return new WeakReference<>(timer);
          };
      case "timer-cancelled" ->
          () -> {
            Timer timer = new Timer("refresh", true);
            timer.cancel();
            return new WeakReference<>(timer);
          };
      case "timer-that-a-task-ended" ->
          () -> {
            Timer timer = new Timer("refresh", true);
            Thread[] thread = new Thread[1];
            CountDownLatch runs = new CountDownLatch(1);
            timer.schedule(
                task(
                    () -> {
                      thread[0] = Thread.currentThread();
                      thread[0].setUncaughtExceptionHandler((dead, failure) -> {});
                      runs.countDown();
                      throw new IllegalStateException("ends the timer");
                    }),
                0);
            Planted.await(runs);
            thread[0].join();
            return new WeakReference<>(timer);
          };
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static TimerTask task(Runnable body) {
    return new TimerTask() {
      @Override
      public void run() {
        body.run();
      }
    };
  }

  private static WeakReference<?> used(ExecutorService executor) throws Exception {
    if (!executor.isShutdown()) {
      executor.submit(() -> {}).get();
    }
    return new WeakReference<>(executor);
  }

  private static WeakReference<?> perTask() {
    ExecutorService executor = Jdk21.virtualThreadPerTask();
    CountDownLatch started = new CountDownLatch(1);
    executor.execute(
        () -> {
          started.countDown();
          LockSupport.park(); // which nobody but the executor knows of
        });
    Planted.await(started);
    return new WeakReference<>(executor);
  }

  /** Until it is gone, and the JDK's cleaner has done what it does then. */
  private static void awaitCollected(WeakReference<?> left) {
    while (!left.refersTo(null)) {
      Garbage.collect();
    }
    Set<Thread> threads;
    do {
      threads = Thread.getAllStackTraces().keySet();
    } while (threads.stream().anyMatch(thread -> thread.getName().matches("pool-.*|refresh")));
  }

  private static void collectWhenItWaits(Thread checker, CountDownLatch checking) {
    try {
      checking.await();
    } catch (InterruptedException e) {
      return;
    }
    while (!Planted.hasFrame(checker, Settling.class, "pauseUntil")) {
      Thread.onSpinWait();
    }
    Garbage.collect();
  }

  private static void print(TestScope scope) {
    Findings findings = scope.findings();
    System.out.println(
        findings.list().stream()
            .map(found -> found.kind().id() + " " + found.fingerprint())
            .toList());
  }
}
