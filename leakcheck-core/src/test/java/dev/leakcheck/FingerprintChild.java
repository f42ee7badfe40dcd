package dev.leakcheck;

import dev.leakcheck.model.Finding;
import java.time.Duration;
import java.util.Timer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** Leaves one thing after the other and prints each one's fingerprints. */
public final class FingerprintChild {

  /** Refers to what could otherwise be collected, and then would end. */
  static volatile Object held;

  private FingerprintChild() {}

  public static void main(String[] args) throws Exception {
    print("OrderTest.places()", "idle pool", FingerprintChild::idlePool);
    print("OrderTest.cancels()", "idle pool of the same class", FingerprintChild::anotherIdlePool);
    print("PriceTest.polls()", "idle pool of another class", FingerprintChild::anotherIdlePool);
    print("OrderTest.places()", "named pool", FingerprintChild::namedPool);
    print("OrderTest.places()", "thread", FingerprintChild::thread);
    print("OrderTest.places()", "moving thread", FingerprintChild::movingThread);
    print("OrderTest.places()", "consumer", FingerprintChild::consumer);
    print("OrderTest.places()", "timer", FingerprintChild::timer);
    System.exit(0);
  }

  private static void print(String scope, String what, LeakCheck.Body leak) {
    try {
      LeakCheck.assertNoLeaks(
          LeakCheckOptions.defaults().settle(Duration.ofMillis(300)).named(scope), leak);
      System.out.println("missed " + what);
    } catch (LeakAssertionError error) {
      for (Finding finding : error.findings()) {
        System.out.println(
            finding.plainFingerprint()
                + " "
                + finding.fingerprint()
                + " "
                + finding.kind().id()
                + ", "
                + what);
      }
    }
  }

  private static void use(ExecutorService pool) throws Exception {
    pool.submit(() -> {}).get();
  }

  private static void idlePool() throws Exception {
    use(Executors.newFixedThreadPool(1));
  }

  private static void anotherIdlePool() throws Exception {
    use(Executors.newFixedThreadPool(1));
  }

  private static void namedPool() throws Exception {
    use(Executors.newFixedThreadPool(2, task -> new Thread(task, "orders-" + task.hashCode())));
  }

  private static void thread() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    new Thread(
            () -> {
              started.countDown();
              LockSupport.park(started);
            })
        .start();
    started.await();
  }

  private static void movingThread() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Thread thread =
        new Thread("mover-1") {
          @Override
          public void run() {
            started.countDown();
            for (long i = 0; ; i++) {
              if (i % 2 == 0) {
                nap();
              } else {
                spin();
              }
            }
          }
        };
    thread.setDaemon(true);
    thread.start();
    started.await();
  }

  private static void nap() {
    LockSupport.parkNanos(100_000);
  }

  private static void spin() {
    for (int i = 0; i < 10_000; i++) {
      Thread.onSpinWait();
    }
  }

  private static void consumer() throws Exception {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    CountDownLatch started = new CountDownLatch(1);
    new Thread(
            () -> {
              started.countDown();
              try {
                queue.take();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "consumer-1")
        .start();
    started.await();
  }

  private static void timer() {
    held = new Timer();
  }
}
