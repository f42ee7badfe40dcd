package dev.leakcheck.cli.doctor;

import dev.leakcheck.GrowthOptions;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** One leak of each kind, as small as can be. */
final class Plants {

  private static final int REPETITIONS = 5;
  private static final long A_MOMENT_MILLIS = 20;

  private static final ThreadLocal<Object> CURRENT_USER = new ThreadLocal<>();

  private record User(String name) {}

  private Plants() {}

  static List<Plant> all() {
    return List.of(
        new Plant(LeakKind.DEADLOCK, Plants::lockInTwoOrders, Plants::lockInOneOrder),
        new Plant(
            LeakKind.UNCAUGHT_EXCEPTION,
            scene -> fail(new Thread(Plants::fail, "failing")),
            scene -> {
              Thread thread = new Thread(Plants::fail, "failing");
              thread.setUncaughtExceptionHandler((failed, seen) -> {});
              fail(thread);
            }),
        new Plant(
            LeakKind.UNCLOSED_EXECUTOR,
            scene -> {
              ExecutorService pool = Executors.newFixedThreadPool(1);
              scene.after(pool::shutdownNow);
              pool.submit(() -> {}).get();
            },
            scene -> {
              ExecutorService pool = Executors.newFixedThreadPool(1);
              pool.submit(() -> {}).get();
              pool.shutdown();
            }),
        new Plant(
            LeakKind.UNCANCELLED_TIMER,
            scene -> scene.after(new Timer("refresh", true)::cancel),
            scene -> new Timer("refresh", true).cancel()),
        new Plant(LeakKind.UNCLOSED_TASK_SCOPE, Plants::openTaskScope, Plants::closeTaskScope),
        new Plant(
            LeakKind.STUCK_ON_QUEUE,
            scene -> consumer(scene, new LinkedBlockingQueue<>()),
            scene -> {
              BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
              consumer(scene, queue);
              queue.add("order");
            }),
        new Plant(LeakKind.HELD_LOCK, scene -> lock(scene), scene -> lock(scene).unlock()),
        new Plant(
            LeakKind.STRAY_THREAD,
            scene -> scene.stuck("waiter", new CountDownLatch(1)::await),
            scene -> scene.start("worker", () -> Thread.sleep(A_MOMENT_MILLIS))),
        new Plant(
            LeakKind.STRAY_VIRTUAL_THREAD,
            scene -> startVirtual(scene, new CountDownLatch(1)),
            scene -> {
              CountDownLatch latch = new CountDownLatch(1);
              startVirtual(scene, latch);
              latch.countDown();
            }),
        new Plant(
            LeakKind.BUSY_COMMON_POOL,
            scene -> scene.after(busyCommonPool()::countDown),
            scene -> busyCommonPool().countDown()),
        new Plant(
            LeakKind.LEFTOVER_TASK,
            scene -> {
              ScheduledFuture<?> task = schedule(scene);
              scene.after(() -> task.cancel(false));
            },
            scene -> schedule(scene).cancel(false)),
        new Plant(
            LeakKind.CHILD_PROCESS,
            scene -> scene.after(process()::destroyForcibly),
            scene -> process().destroyForcibly().waitFor()),
        new Plant(
            LeakKind.SHUTDOWN_HOOK,
            scene -> {
              Thread hook = hook();
              scene.after(() -> Runtime.getRuntime().removeShutdownHook(hook));
            },
            scene -> Runtime.getRuntime().removeShutdownHook(hook())),
        new Plant(
            LeakKind.LEFTOVER_QUEUE,
            scene -> filledQueue(scene),
            scene -> filledQueue(scene).take()),
        new Plant(
            LeakKind.THREAD_LOCAL_RESIDUE,
            scene -> scene.fixture().submit(() -> CURRENT_USER.set(new User("ann"))).get(),
            scene -> {
              scene.fixture().submit(() -> CURRENT_USER.set(new User("ann"))).get();
              scene.fixture().submit(CURRENT_USER::remove).get();
            }),
        new Plant(
            LeakKind.STRAY_INTERRUPT,
            scene -> Thread.currentThread().interrupt(),
            scene -> {
              Thread.currentThread().interrupt();
              if (!Thread.interrupted()) {
                throw new IllegalStateException("was interrupted");
              }
            }),
        new Plant(
            LeakKind.GROWTH,
            scene -> repeat(scene, () -> scene.stuck("session", new CountDownLatch(1)::await)),
            scene -> repeat(scene, () -> scene.start("session", () -> {}).join())));
  }

  private static void lockInTwoOrders(Scene scene) {
    ReentrantLock left = new ReentrantLock();
    ReentrantLock right = new ReentrantLock();
    CountDownLatch both = new CountDownLatch(2);
    Thread first = scene.start("first", () -> nest(left, right, both));
    Thread second = scene.start("second", () -> nest(right, left, both));
    awaitQueued(right, first);
    awaitQueued(left, second);
  }

  private static void lockInOneOrder(Scene scene) {
    ReentrantLock left = new ReentrantLock();
    ReentrantLock right = new ReentrantLock();
    scene.start("first", () -> nest(left, right, new CountDownLatch(1)));
    scene.start("second", () -> nest(left, right, new CountDownLatch(1)));
  }

  private static void nest(ReentrantLock outer, ReentrantLock inner, CountDownLatch held)
      throws InterruptedException {
    outer.lockInterruptibly();
    try {
      held.countDown();
      held.await();
      inner.lockInterruptibly();
      inner.unlock();
    } finally {
      outer.unlock();
    }
  }

  private static void awaitQueued(ReentrantLock lock, Thread thread) {
    while (!lock.hasQueuedThread(thread)) {
      Thread.onSpinWait();
    }
    Scene.awaitParked(thread);
  }

  private static void fail() {
    throw new AssertionError("3 orders expected");
  }

  private static void fail(Thread thread) throws InterruptedException {
    thread.start();
    thread.join();
  }

  private static void openTaskScope(Scene scene) throws Exception {
    AutoCloseable tasks = Jdk21.openTaskScope();
    CountDownLatch latch = new CountDownLatch(1);
    scene.after(
        () -> {
          latch.countDown();
          Jdk21.join(tasks);
          tasks.close();
        });
    Jdk21.fork(
        tasks,
        () -> {
          latch.await();
          return "late";
        });
  }

  private static void closeTaskScope(Scene scene) throws Exception {
    try (AutoCloseable tasks = Jdk21.openTaskScope()) {
      Jdk21.fork(tasks, () -> "price");
      Jdk21.join(tasks);
    }
  }

  private static void consumer(Scene scene, BlockingQueue<Object> queue) {
    scene.stuck("consumer", queue::take);
  }

  private static ReentrantLock lock(Scene scene) {
    ReentrantLock lock = new ReentrantLock();
    scene.fields().lock = lock;
    lock.lock();
    return lock;
  }

  private static void startVirtual(Scene scene, CountDownLatch latch) throws Exception {
    Thread thread = Jdk21.startVirtual(Scene.quietly(latch::await));
    scene.after(thread::interrupt);
    Scene.awaitParked(thread);
  }

  /** Works until it is counted down. */
  private static CountDownLatch busyCommonPool() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    ForkJoinPool.commonPool()
        .execute(
            Scene.quietly(
                () -> {
                  begun.countDown();
                  latch.await();
                }));
    begun.await();
    return latch;
  }

  private static ScheduledFuture<?> schedule(Scene scene) {
    return scene.fixture().scheduleAtFixedRate(() -> CURRENT_USER.remove(), 1, 1, TimeUnit.HOURS);
  }

  /** Lives until its input ends, which it does with this JVM if nothing else ends it. */
  private static Process process() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            DoctorChild.class.getName())
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  private static Thread hook() {
    Thread hook = new Thread(() -> {}, "hook");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  private static BlockingQueue<Object> filledQueue(Scene scene) {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    scene.fields().queue = queue;
    queue.add("event");
    return queue;
  }

  private static void repeat(Scene scene, LeakCheck.Body body) throws Throwable {
    scene.found().addAll(LeakCheck.growth(GrowthOptions.of(REPETITIONS), body).list());
  }
}
