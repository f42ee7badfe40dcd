package vendor.stuck;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.locks.ReentrantLock;

/** Things that are held in one way each. In a package of its own: LeakCheck's is not followed. */
public final class HeldThings {

  private static final int MB = 1 << 20;

  static final byte[] SHARED = new byte[3 * MB];
  static ExecutorService pool;
  static final Map<String, Service> SERVICES = new LinkedHashMap<>();
  static WeakReference<Object> weakly;
  static SoftReference<Object> softly;
  static final Cleaner CLEANER = Cleaner.create();
  static Cleaner.Cleanable innocent;
  static Cleaner.Cleanable own;
  static final ThreadLocal<Object> CURRENT = new ThreadLocal<>();

  private HeldThings() {}

  /** Has a field. */
  static final class Service {
    final BlockingQueue<Object> orders = new LinkedBlockingQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
  }

  /** As a test's instance. */
  public static final class OwnTest {
    final ExecutorService own = pool();
  }

  /** What a cleaner runs. */
  private record Shutdown(ExecutorService executor) implements Runnable {
    @Override
    public void run() {
      executor.shutdown();
    }
  }

  /** A class loader that nobody else has. */
  static final class PluginLoader extends URLClassLoader {
    PluginLoader() {
      super(new URL[0]);
    }
  }

  /** The objects, by what is true of them, and the threads by their names. */
  public static Map<String, Object> plant() throws Exception {
    Map<String, Object> things = new LinkedHashMap<>();
    pool = pool();
    things.put("static", pool);
    Service service = new Service();
    SERVICES.put("orders", service);
    things.put("field of a service", service.orders);
    service.lock.lock();
    things.put("lock", service.lock);
    things.put("nobody", working("nobody", new byte[MB]));
    ExecutorService weak = working("weakly", SHARED);
    weakly = new WeakReference<>(weak);
    things.put("weakly", weak);
    things.put("local variable", new ScheduledThreadPoolExecutor(1));
    hold(things.get("local variable"));
    things.put("thread-local", threadLocal());
    softly = new SoftReference<>(pool());
    things.put("softly", softly.get());
    innocent = CLEANER.register(SHARED, () -> {});
    things.put("cleaner", pool());
    CLEANER.register(SHARED, new Shutdown((ExecutorService) things.get("cleaner")));
    CLEANER.register(SHARED, () -> {});
    things.put("own cleanable", pool());
    own = CLEANER.register(SHARED, new Shutdown((ExecutorService) things.get("own cleanable")));
    StuckCases.start("by a loader", inLoader(new CountDownLatch(1)));
    return things;
  }

  private static ExecutorService pool() {
    return new ThreadPoolExecutor(
        1, 1, 0, java.util.concurrent.TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  }

  /** Its worker has done something, and leads to an array. */
  private static ExecutorService working(String name, byte[] payload) throws Exception {
    ExecutorService executor =
        Executors.newFixedThreadPool(
            1,
            task -> {
              Thread thread =
                  new Thread(task, name) {
                    final byte[] held = payload;
                  };
              thread.setDaemon(true);
              return thread;
            });
    Future<?> done = executor.submit(() -> {});
    done.get();
    return executor;
  }

  private static void hold(Object held) throws InterruptedException {
    CountDownLatch holds = new CountDownLatch(1);
    StuckCases.start("holder", () -> sleepWith(held, holds));
    holds.await();
  }

  private static void sleepWith(Object held, CountDownLatch holds) throws InterruptedException {
    holds.countDown();
    Thread.sleep(1_000_000);
    Reference.reachabilityFence(held);
  }

  private static Object threadLocal() throws InterruptedException {
    CountDownLatch set = new CountDownLatch(1);
    StuckCases.start("local-holder", () -> setAndWait(set));
    set.await();
    return HANDED.take();
  }

  private static final BlockingQueue<Object> HANDED = new LinkedBlockingQueue<>();

  private static void setAndWait(CountDownLatch set) throws InterruptedException {
    CURRENT.set(new ArrayList<>(List.of(new byte[MB])));
    HANDED.put(CURRENT.get());
    set.countDown();
    new CountDownLatch(1).await();
  }

  private static StuckCases.Waits inLoader(CountDownLatch latch) {
    return () -> {
      Thread.currentThread().setContextClassLoader(new PluginLoader());
      latch.await();
    };
  }
}
