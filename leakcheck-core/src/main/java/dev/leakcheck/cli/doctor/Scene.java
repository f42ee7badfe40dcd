package dev.leakcheck.cli.doctor;

import dev.leakcheck.model.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** What a planted program works with, as a test's fields would hold it, and what ends it again. */
final class Scene {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Fields fields = new Fields();

  /** What runs tasks and is older than the scope. */
  private final ScheduledExecutorService fixture;

  private final List<Finding> found = new ArrayList<>();
  private final Deque<Body> endings = new ArrayDeque<>();

  /** A test's, which the scope watches. */
  static final class Fields {
    @Nullable BlockingQueue<Object> queue;
    @Nullable Lock lock;
  }

  /** Code that may throw anything. */
  interface Body {
    void run() throws Exception;
  }

  Scene(ScheduledExecutorService fixture) {
    this.fixture = fixture;
  }

  Fields fields() {
    return fields;
  }

  ScheduledExecutorService fixture() {
    return fixture;
  }

  /** What the program was told itself, rather than its scope. */
  List<Finding> found() {
    return found;
  }

  /** Runs something when the verdict is in, the last first. */
  void after(Body ending) {
    endings.push(ending);
  }

  /** Has a thread run something; an interrupt ends it quietly. */
  Thread start(String name, Body body) {
    Thread thread = new Thread(quietly(body), name);
    thread.setDaemon(true);
    thread.start();
    after(thread::interrupt);
    return thread;
  }

  /** A thread that waits now. */
  Thread stuck(String name, Body body) {
    Thread thread = start(name, body);
    awaitParked(thread);
    return thread;
  }

  static Runnable quietly(Body body) {
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

  /** Waits until a thread waits without a time limit. */
  static void awaitParked(Thread thread) {
    long start = System.nanoTime();
    while (thread.getState() != Thread.State.WAITING) {
      if (!thread.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException(thread.getName() + " does not wait: " + thread.getState());
      }
      Thread.onSpinWait();
    }
  }

  /** Ends what the program left, so that it is in nobody's way. */
  void end() {
    Thread.interrupted();
    while (!endings.isEmpty()) {
      try {
        endings.pop().run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        // The verdict is in, and the JVM is about to end.
      }
    }
  }
}
