package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * What test cases leave behind on purpose. It runs when a method here returns, and until {@link
 * #release()}, which every test calls at its end.
 */
public final class Plants {

  private static final Deque<Runnable> PLANTED = new ConcurrentLinkedDeque<>();

  private Plants() {}

  /** A thread that waits for a release. */
  public static Thread thread() {
    return thread("planted");
  }

  /** A thread with a name that waits for a release. */
  public static Thread thread(String name) {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              started.countDown();
              await(released);
            },
            name);
    thread.start();
    await(started);
    PLANTED.push(
        () -> {
          released.countDown();
          join(thread);
        });
    return thread;
  }

  /** A thread that is over. */
  public static void endedThread() {
    Thread thread = new Thread(() -> {}, "ended");
    thread.start();
    join(thread);
  }

  /** Runs something on a thread that is over when this returns. */
  public static void onAThread(Runnable task) {
    Thread thread = new Thread(task, "helper");
    thread.start();
    join(thread);
  }

  /** A thread that does not end before the code that checks for leaks waits for it. */
  public static void threadThatEndsDuringTheCheck() {
    Thread checker = Thread.currentThread();
    Thread thread = new Thread(() -> awaitCheck(checker), "straggler");
    thread.start();
    PLANTED.push(() -> join(thread));
  }

  /** Returns once a thread checks for leaks and waits for what still runs. */
  public static void awaitCheck(Thread checker) {
    while (!waitsForStragglers(checker)) {
      Thread.yield();
    }
  }

  private static boolean waitsForStragglers(Thread checker) {
    return !checker.isAlive() || isInSettling(checker, "pauseUntil");
  }

  /** Whether a thread checks for leaks now. */
  public static boolean isChecking(Thread thread) {
    return isInSettling(thread, "await");
  }

  private static boolean isInSettling(Thread checker, String method) {
    for (StackTraceElement frame : checker.getStackTrace()) {
      if (frame.getClassName().equals("dev.leakcheck.engine.Settling")
          && frame.getMethodName().equals(method)) {
        return true;
      }
    }
    return false;
  }

  /** A thread that runs, and does not wait, until something is so or the release comes. */
  public static Thread threadUntil(BooleanSupplier over) {
    AtomicBoolean released = new AtomicBoolean();
    Thread thread =
        new Thread(
            () -> {
              while (!over.getAsBoolean() && !released.get()) {
                Thread.yield();
              }
            },
            "busy");
    thread.start();
    PLANTED.push(
        () -> {
          released.set(true);
          join(thread);
        });
    return thread;
  }

  /** A virtual thread that waits for a release; for JDK 21 and later. */
  public static void virtualThread() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Thread thread =
        startVirtual(
            () -> {
              started.countDown();
              await(released);
            });
    await(started);
    PLANTED.push(
        () -> {
          released.countDown();
          join(thread);
        });
  }

  /** A virtual thread that is over; for JDK 21 and later. */
  public static void endedVirtualThread() {
    join(startVirtual(() -> {}));
  }

  /** Runs something on a virtual thread that is over when this returns; for JDK 21 and later. */
  public static void onAVirtualThread(Runnable task) {
    join(startVirtual(task));
  }

  private static Thread startVirtual(Runnable task) {
    try {
      Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
      return (Thread) start.invoke(null, task);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no virtual threads before JDK 21", e);
    }
  }

  /** A pool of at most four threads, with one idle worker. */
  public static ExecutorService pool() {
    return working(Executors.newFixedThreadPool(4));
  }

  /** The executor, shut down at the release, with a worker that has run a task. */
  public static <E extends ExecutorService> E working(E executor) {
    anotherWorker(kept(executor));
    return executor;
  }

  /** The executor, shut down at the release. */
  public static <E extends ExecutorService> E kept(E executor) {
    PLANTED.push(
        () -> {
          executor.shutdownNow();
          try {
            assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    return executor;
  }

  /** Has the executor run a task; a pool that may grow starts a worker for it. */
  public static void anotherWorker(ExecutorService executor) {
    Future<?> task = executor.submit(() -> {});
    try {
      task.get(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Shuts the executor down and waits for its end. */
  public static void close(ExecutorService executor) {
    executor.shutdown();
    try {
      assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Has something done at the release. */
  public static void atRelease(Runnable action) {
    PLANTED.push(action);
  }

  /** Ends all that was planted, and waits for its end. */
  public static void release() {
    Runnable release;
    while ((release = PLANTED.poll()) != null) {
      release.run();
    }
  }

  public static void await(CountDownLatch latch) {
    try {
      latch.await(); // a time limit would keep checks waiting for it to pass
    } catch (InterruptedException released) {
      Thread.currentThread().interrupt();
    }
  }

  public static void join(Thread thread) {
    try {
      thread.join(60_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).isFalse();
  }
}
