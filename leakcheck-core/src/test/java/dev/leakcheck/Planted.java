package dev.leakcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Plants leaks on purpose and takes them all back when the test is over. What it starts has begun
 * when the method returns; nothing here sleeps.
 */
public final class Planted implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final CountDownLatch released = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final List<ExecutorService> executors = new ArrayList<>();
  private final List<Timer> timers = new ArrayList<>();
  private final List<Object> kept = new ArrayList<>();

  /** Code that a planted thread runs; an interrupt ends it. */
  @FunctionalInterface
  public interface Body {
    void run() throws InterruptedException;
  }

  /** A platform thread, not a daemon, that waits until it is released. */
  public Thread thread(String name) {
    return thread(name, released::await);
  }

  /** A platform thread that has begun its body. */
  public Thread thread(String name, Body body) {
    CountDownLatch started = new CountDownLatch(1);
    return start(new Thread(signalling(started, body), name), started);
  }

  /** A virtual thread that waits until it is released. */
  public Thread virtual(String name) {
    return virtual(name, released::await);
  }

  /** A virtual thread that has begun its body. */
  public Thread virtual(String name, Body body) {
    CountDownLatch started = new CountDownLatch(1);
    Thread thread = Jdk21.startVirtual(name, signalling(started, body));
    threads.add(thread);
    await(started);
    return thread;
  }

  /** Starts a thread that signals for itself. */
  public Thread start(Thread thread, CountDownLatch started) {
    threads.add(thread);
    thread.start();
    await(started);
    return thread;
  }

  /** What a thread that is started elsewhere runs: it signals, and waits until it is released. */
  public Runnable waiting(CountDownLatch started) {
    return signalling(started, released::await);
  }

  /** Signals, and waits until it is released, whoever interrupts it. */
  public void waitDeaf(CountDownLatch started) {
    started.countDown();
    while (released.getCount() > 0) {
      try {
        released.await();
      } catch (InterruptedException deafToIt) {
        // as some code is
      }
    }
  }

  /** Ends with the test. */
  public Thread add(Thread thread) {
    threads.add(thread);
    return thread;
  }

  /** Keeps an object until the test is over, which a scope that watches it does not. */
  public <T> T keep(T object) {
    kept.add(object);
    return object;
  }

  /** Is shut down when the test is over. */
  public <E extends ExecutorService> E executor(E executor) {
    executors.add(executor);
    return executor;
  }

  /** A timer with a task that is done. */
  public Timer timer(String name) {
    CountDownLatch ran = new CountDownLatch(1);
    Timer timer = new Timer(name);
    timers.add(timer);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            ran.countDown();
          }
        },
        0);
    await(ran);
    return timer;
  }

  /** Occupies a number of the executor's threads until the test is over. */
  public void occupy(ExecutorService executor, int threads) {
    Started started = new Started(threads);
    for (int i = 0; i < threads; i++) {
      executor.execute(signalling(started, released::await));
    }
    await(started);
    started.threads.forEach(thread -> awaitWaitingIn(thread, CountDownLatch.class));
  }

  /** Knows who has counted it down. */
  private static final class Started extends CountDownLatch {
    final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    Started(int count) {
      super(count);
    }

    @Override
    public void countDown() {
      threads.add(Thread.currentThread());
      super.countDown();
    }
  }

  /** Has a number of the executor's threads begin, and be idle again soon. */
  public void occupyAndRelease(ExecutorService executor, int threads) {
    CountDownLatch started = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      executor.execute(signalling(started, started::await));
    }
    await(started);
  }

  /** Has a body run by an executor. */
  public void submit(ExecutorService executor, Body body) {
    executor.execute(signalling(new CountDownLatch(1), body));
  }

  /** Waits until the planted thread of that name is gone or the test is over. */
  public void awaitRelease() throws InterruptedException {
    released.await();
  }

  /** Lets everything that waits for its release go on, before the test is over. */
  public void release() {
    released.countDown();
  }

  private static Runnable signalling(CountDownLatch started, Body body) {
    return () -> {
      started.countDown();
      try {
        body.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** The body as a task of somebody else's. */
  public static Runnable unchecked(Body body) {
    return signalling(new CountDownLatch(0), body);
  }

  /** Waits for a signal; fails rather than hangs. */
  public static void await(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the fixture did not start");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a fixture started", e);
    }
  }

  /** Waits until a thread waits, below a frame of a class. */
  public static Thread awaitWaitingIn(Thread thread, Class<?> type) {
    return awaitWaitingIn(thread, type.getName());
  }

  /** Waits until a thread waits, below a frame of a class. */
  public static Thread awaitWaitingIn(Thread thread, String type) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isWaiting(thread) || !hasFrame(thread, type)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            thread
                + " is "
                + thread.getState()
                + " at "
                + Arrays.toString(thread.getStackTrace())
                + ", not waiting in "
                + type);
      }
      Thread.onSpinWait();
    }
    return thread;
  }

  /** Waits until a thread waits with a time limit. */
  public static Thread awaitTimedWaiting(Thread thread) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      if (System.nanoTime() > end) {
        throw new AssertionError(thread + " is " + thread.getState());
      }
      Thread.onSpinWait();
    }
    return thread;
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  private static boolean hasFrame(Thread thread, String type) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals(type) || frame.getClassName().startsWith(type + "$"));
  }

  /** Whether a thread is in a method now. */
  public static boolean hasFrame(Thread thread, Class<?> type, String method) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(
            frame ->
                frame.getClassName().equals(type.getName())
                    && frame.getMethodName().equals(method));
  }

  /** Waits until a thread is gone; fails rather than hangs. */
  public static void awaitEnd(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while " + thread + " ended", e);
    }
    if (thread.isAlive()) {
      throw new AssertionError(thread + " does not end");
    }
  }

  @Override
  public void close() throws InterruptedException {
    released.countDown();
    timers.forEach(Timer::cancel);
    executors.forEach(ExecutorService::shutdownNow);
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      awaitEnd(thread);
    }
    for (ExecutorService executor : executors) {
      if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(executor + " does not terminate");
      }
    }
  }
}
