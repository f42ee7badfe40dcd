package dev.leakcheck.corpus;

import dev.leakcheck.Jdk21;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a program of the corpus runs on: its kind of threads, its fields, and what ends it. */
public final class Stage {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** As fields of the object under test, which the scope watches. */
  @Nullable BlockingQueue<Object> queue;

  @Nullable ExecutorService executor;
  @Nullable Object lock;

  /** What runs tasks, one at a time, and is older than the scope. */
  private final ScheduledExecutorService fixture;

  private final boolean virtual;
  private final List<Ending> endings = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** Code that may throw anything. */
  interface Body {
    void run() throws Exception;
  }

  /** Stops something once the verdict is in. */
  interface Ending {
    void end() throws Exception;
  }

  Stage(boolean virtual, ScheduledExecutorService fixture) {
    this.virtual = virtual;
    this.fixture = fixture;
  }

  ScheduledExecutorService fixture() {
    return fixture;
  }

  /** Has a thread run something; an interrupt ends it quietly. */
  Thread start(Body body) {
    return start("worker", body);
  }

  Thread start(String name, Body body) {
    Thread thread = unstarted(name, body);
    thread.start();
    return thread;
  }

  Thread unstarted(String name, Body body) {
    return failing(name, quietly(body));
  }

  Thread failing(String name, Runnable body) {
    Thread thread = virtual ? Jdk21.virtualThreads().newThread(body) : new Thread(body);
    thread.setName(name);
    if (!virtual) {
      thread.setDaemon(true);
    }
    threads.add(thread);
    return thread;
  }

  private static Runnable quietly(Body body) {
    return () -> {
      try {
        body.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** A thread that is stuck now, and for as long as nobody ends it. */
  Thread stuck(String name, Body body) {
    Thread thread = start(name, body);
    awaitParked(thread);
    return thread;
  }

  /** Starts a thread and joins it. */
  void startAndJoin(Body body) throws InterruptedException {
    join(start(body));
  }

  static void join(Thread thread) throws InterruptedException {
    thread.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
    if (thread.isAlive()) {
      throw new IllegalStateException(thread + " did not end");
    }
  }

  /** Waits until it is told to go on, or is interrupted. */
  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a thread waits without a time limit or is blocked. */
  static void awaitParked(Thread thread) {
    long start = System.nanoTime();
    while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.BLOCKED) {
      if (!thread.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException(thread + " does not wait: " + thread.getState());
      }
      Thread.yield();
    }
  }

  /** Runs something when the verdict is in. */
  <T> T after(T object, Consumer<? super T> ending) {
    endings.add(() -> ending.accept(object));
    return object;
  }

  void after(Ending ending) {
    endings.add(ending);
  }

  /** An executor that ends when the verdict is in. */
  <E extends ExecutorService> E ending(E made) {
    return after(made, ExecutorService::shutdownNow);
  }

  static void shutDown(ExecutorService executor) throws InterruptedException {
    executor.shutdown();
    if (!executor.awaitTermination(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
      throw new IllegalStateException(executor + " did not terminate");
    }
  }

  /** Ends all that can be ended, the last first; a monitor's deadlock cannot. */
  void end() throws Exception {
    Thread.interrupted();
    Collections.reverse(endings);
    for (Ending ending : endings) {
      ending.end();
    }
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      if (thread.getState() != Thread.State.BLOCKED) {
        join(thread);
      }
    }
  }
}
