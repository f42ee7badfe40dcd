package vendor.stuck;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A JVM of its own in which code is checked that leaves threads: prints what fails. */
public final class CheckedChild {

  static final BlockingQueue<Object> ORDERS = new LinkedBlockingQueue<>();

  static ExecutorService pool;

  private CheckedChild() {}

  /** Checks once for each argument. */
  public static void main(String[] args) {
    for (String leak : args) {
      try {
        LeakCheck.assertNoLeaks(
            () -> {
              switch (leak) {
                case "forgotten" -> forget();
                case "held" -> StuckCases.start("order-handler", ORDERS::take);
                case "latch" -> StuckCases.start("waiter", new CountDownLatch(1)::await);
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

  private static void forget() {
    BlockingQueue<Object> orders = new LinkedBlockingQueue<>();
    StuckCases.start("forgotten-handler", orders::take);
  }
}
