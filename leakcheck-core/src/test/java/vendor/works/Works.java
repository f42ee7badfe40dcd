package vendor.works;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A library that keeps one pool for all its callers. */
public final class Works {

  private static final ExecutorService POOL = Executors.newCachedThreadPool(Works::thread);

  private static ExecutorService lazy;

  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private Works() {}

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "works");
    thread.setDaemon(true);
    return thread;
  }

  private static synchronized ExecutorService lazy() {
    if (lazy == null) {
      lazy = Executors.newCachedThreadPool(Works::thread);
    }
    return lazy;
  }

  /** Something that a caller has to give. */
  public interface Source {
    boolean next();
  }

  public static ExecutorService pool() {
    return POOL;
  }

  /** Asks for more as long as there is more. */
  public static void read(Source source) {
    POOL.execute(new Reading(source));
  }

  /** The same, in a pool that the first caller has it make. */
  public static void readLazily(Source source) {
    lazy().execute(new Reading(source));
  }

  /** The same, where the pool wraps the task. */
  public static void submit(Source source) {
    POOL.submit(new Reading(source));
  }

  /** What is nobody's but the library's. */
  public static void keepHouse() {
    CountDownLatch begun = new CountDownLatch(1);
    POOL.execute(
        () -> {
          begun.countDown();
          pause(NEVER, Long.MAX_VALUE);
        });
    pause(begun, Long.MAX_VALUE);
  }

  private static void pause(CountDownLatch latch, long millis) {
    try {
      latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leads to the caller's code by a field of a type of the library's. */
  private static final class Reading implements Runnable {
    private final Source source;

    Reading(Source source) {
      this.source = source;
    }

    @Override
    public void run() {
      while (source.next()) {
        pause(NEVER, 1);
      }
    }
  }
}
