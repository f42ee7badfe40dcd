package vendor.stuck;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/** A JVM of its own in which code is checked that leaves threads: prints what fails. */
public final class CheckedChild {

  static final BlockingQueue<Object> ORDERS = new LinkedBlockingQueue<>();

  static final CountDownLatch GATE = new CountDownLatch(1);

  static ExecutorService pool;

  private CheckedChild() {}

  /** Checks once for each argument, but for one that only has more threads live. */
  public static void main(String[] args) {
    for (String leak : args) {
      if (leak.equals("crowd")) {
        startCrowd();
        continue;
      }
      try {
        LeakCheck.assertNoLeaks(
            () -> {
              switch (leak) {
                case "forgotten" -> forget();
                case "held" -> StuckCases.start("order-handler", ORDERS::take);
                case "alike" -> startEach("worker-1", "worker-2");
                case "unlike" -> startEach("left", "right");
                case "latch" -> StuckCases.start("waiter", new CountDownLatch(1)::await);
                case "gate" -> StuckCases.start("blocked for ever", GATE::await);
                case "deadlock" -> lockInTwoOrders();
                case "circle" -> waitInACircle();
                case "pool" -> pool = startPool();
                default -> StuckCases.start("sleeper", () -> Thread.sleep(1_000_000));
              }
            });
      } catch (LeakAssertionError e) {
        System.out.println(e.getMessage());
        e.findings().list().forEach(finding -> System.out.println("answer " + finding.proof()));
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static void startCrowd() {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 2_100; i++) {
      Runnable waits =
          () -> {
            try {
              never.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          };
      Thread thread = new Thread(null, waits, "one of many", 1 << 16);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** At one line; nobody has the queue of the first. */
  private static void startEach(String forgotten, String held) {
    for (String name : List.of(forgotten, held)) {
      BlockingQueue<Object> queue = name.equals(held) ? ORDERS : new LinkedBlockingQueue<>();
      StuckCases.start(name, queue::take);
    }
  }

  /** It is left with a worker that waits for what to do. */
  private static ExecutorService startPool() throws Exception {
    ExecutorService started =
        Executors.newFixedThreadPool(
            1,
            task -> {
              Thread thread = new Thread(task, "worker");
              thread.setDaemon(true);
              return thread;
            });
    started.submit(() -> {}).get();
    return started;
  }

  private static void lockInTwoOrders() {
    ReentrantLock left = new ReentrantLock();
    ReentrantLock right = new ReentrantLock();
    CountDownLatch both = new CountDownLatch(2);
    StuckCases.start("first", () -> nest(left, right, both));
    StuckCases.start("second", () -> nest(right, left, both));
  }

  private static void nest(ReentrantLock outer, ReentrantLock inner, CountDownLatch held)
      throws InterruptedException {
    outer.lock();
    held.countDown();
    held.await();
    inner.lock();
  }

  private static void waitInACircle() {
    BlockingQueue<Object> orders = new LinkedBlockingQueue<>();
    CompletableFuture<Object> paid = new CompletableFuture<>();
    StuckCases.start("buyer", () -> paid.complete(orders.take()));
    StuckCases.start("seller", () -> orders.put(paid.get()));
  }

  private static void forget() {
    BlockingQueue<Object> orders = new LinkedBlockingQueue<>();
    StuckCases.start("forgotten-handler", orders::take);
  }
}
