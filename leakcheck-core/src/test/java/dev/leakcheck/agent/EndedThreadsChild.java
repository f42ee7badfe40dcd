package dev.leakcheck.agent;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.Planted;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A JVM of its own that has the agent. A thread's variables hold something until a check has had
 * its first garbage collection; then the thread ends, and the check goes on.
 */
final class EndedThreadsChild {

  private static final LeakCheckOptions OPTIONS =
      LeakCheckOptions.defaults().settle(Duration.ofSeconds(2)).named("the test");

  private EndedThreadsChild() {}

  public static void main(String[] steps) {
    ExecutorService older = Executors.newFixedThreadPool(1);
    older.submit(() -> {}); // its thread is older as well
    for (String step : steps) {
      try {
        LeakCheck.assertNoLeaks(OPTIONS, () -> run(step, older));
        System.out.println(step + ": nothing");
      } catch (LeakAssertionError error) {
        error.findings().forEach(finding -> System.out.println(step + ": " + finding.kind().id()));
      }
    }
    older.shutdown();
  }

  private static void run(String step, ExecutorService older) {
    CountDownLatch began = new CountDownLatch(1);
    Runnable body = () -> holdUntilCollection(step, began);
    if (step.endsWith("-task")) {
      older.execute(body);
    } else {
      new Thread(body, "holder").start();
    }
    Planted.await(began);
  }

  private static void holdUntilCollection(String step, CountDownLatch began) {
    Object held = step.startsWith("queue") ? filledQueue() : abandonedLock();
    WeakReference<Object> witness = new WeakReference<>(new Object());
    began.countDown();
    while (!witness.refersTo(null)) {
      LockSupport.parkNanos(1_000_000);
    }
    Reference.reachabilityFence(held);
  }

  private static Object filledQueue() {
    LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    queue.add("order");
    return queue;
  }

  private static Object abandonedLock() {
    ReentrantLock lock = new ReentrantLock();
    Thread owner = new Thread(lock::lock, "owner");
    owner.start();
    Planted.awaitEnd(owner);
    return lock;
  }
}
