package dev.leakcheck.agent;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.integration.TestOptions;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Findings;
import dev.leakcheck.report.TextReport;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.text.SimpleDateFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** A JVM of its own that has the agent, and prints what checks in it find. */
public final class SymptomsChild {

  private static final LeakCheckOptions AT_ONCE =
      LeakCheckOptions.defaults().settle(Duration.ZERO).named("OrderServiceTest.placesOrder()");

  private static final TestOptions BY_ENTRY = TestOptions.of(AT_ONCE).byEntry();

  private SymptomsChild() {}

  /** Code of a test. */
  private interface Body {
    void run() throws Exception;
  }

  /** Cannot be asked what it does. */
  private static final class HostileThread extends Thread {
    HostileThread(Runnable body) {
      super(body);
    }

    @Override
    public State getState() {
      throw new IllegalStateException("mine");
    }
  }

  /** Is not asked whether it was shut down. */
  private static final class OddPool extends ThreadPoolExecutor {
    OddPool() {
      super(1, 1, 1, TimeUnit.DAYS, new LinkedBlockingQueue<>());
    }

    @Override
    public boolean isShutdown() {
      throw new IllegalStateException("mine");
    }

    @Override
    public boolean isTerminated() {
      throw new IllegalStateException("mine");
    }
  }

  /** Extends the JDK's for its type, and does all of it itself. */
  private static final class OwnPool extends ThreadPoolExecutor {
    private boolean closed;

    OwnPool() {
      super(1, 1, 1, TimeUnit.DAYS, new LinkedBlockingQueue<>());
    }

    @Override
    public void shutdown() {
      closed = true;
    }

    @Override
    public boolean isShutdown() {
      return closed;
    }
  }

  public static void main(String[] steps) throws Exception {
    for (String step : steps) {
      switch (step) {
        case "process" -> print(() -> start());
        case "process-ended" -> print(() -> start().destroyForcibly().waitFor());
        case "process-of-outer" -> {
          try (LeakScope outer = LeakCheck.open(AT_ONCE)) {
            Process process = start();
            print(() -> {});
            process.destroyForcibly().waitFor();
          }
        }
        case "process-lost" ->
            print(
                () -> {
                  start();
                  System.gc();
                });
        case "process-refused" ->
            print(
                () -> {
                  try {
                    new ProcessBuilder("no-such-program-anywhere").start();
                  } catch (java.io.IOException e) {
                    return;
                  }
                });
        case "process-of-other-thread" -> printBeside(() -> start());
        case "wrapper-before-pause" -> {
          TestScope scope = TestScope.open(TestOptions.of(AT_ONCE));
          Object owner =
              new Object() {
                final ExecutorService pool = Executors.newSingleThreadExecutor();
              };
          scope.watch(owner);
          try (TestScope.Pause pause = scope.pause()) {
            Thread context = new Thread(() -> {});
            context.start();
            context.join();
          }
          print(scope.findings());
          Reference.reachabilityFence(owner);
        }
        case "lock-of-hostile-thread" -> {
          LeakScope scope = LeakCheck.open(AT_ONCE);
          ReentrantLock lock = new ReentrantLock();
          Object owner =
              new Object() {
                final ReentrantLock held = lock;
              };
          scope.watch(owner);
          Thread hostile = new HostileThread(lock::lock);
          hostile.start();
          hostile.join();
          start();
          print(scope);
          Reference.reachabilityFence(owner);
        }
        case "closed-pool-that-overrides" ->
            print(
                () -> {
                  POOLS.add(new OddPool());
                  OddPool closed = new OddPool();
                  closed.shutdown();
                  POOLS.add(closed);
                });
        case "pool-for-its-type-alone" ->
            print(
                () -> {
                  OwnPool closed = new OwnPool();
                  closed.shutdown();
                  POOLS.add(closed);
                });
        case "many-failures" ->
            print(
                () -> {
                  ExecutorService pool = Executors.newFixedThreadPool(1);
                  for (int i = 0; i < 1_007; i++) {
                    pool.submit(
                        () -> {
                          throw new IllegalStateException("no price");
                        });
                  }
                  pool.shutdown();
                  pool.awaitTermination(1, TimeUnit.MINUTES);
                });
        case "hook" -> print(() -> hook());
        case "hook-removed" -> print(() -> Runtime.getRuntime().removeShutdownHook(hook()));
        case "hook-refused" ->
            print(
                () -> {
                  try {
                    Runtime.getRuntime().addShutdownHook(Thread.currentThread());
                  } catch (IllegalArgumentException running) {
                    return;
                  }
                });
        case "hook-of-outer" -> {
          try (LeakScope outer = LeakCheck.open(AT_ONCE)) {
            Thread hook = hook();
            print(() -> {});
            Runtime.getRuntime().removeShutdownHook(hook);
          }
        }
        case "hook-of-initializer" -> print(() -> OncePerJvm.touch());
        case "hook-of-jdk" -> print(() -> java.util.logging.LogManager.getLogManager().reset());
        case "hook-twice" -> {
          LeakScope outer = LeakCheck.open(AT_ONCE);
          print(() -> hook());
          print(outer);
          outer.end();
        }
        case "hook-lost" ->
            print(
                () -> {
                  hook();
                  System.gc();
                });
        case "local" -> print(() -> CURRENT.set(new Order()));
        case "local-removed" ->
            print(
                () -> {
                  CURRENT.set(new Order());
                  CURRENT.remove();
                });
        case "local-null" ->
            print(
                () -> {
                  CURRENT.set(new Order());
                  CURRENT.set(null);
                });
        case "local-before" -> {
          CURRENT.set(new Order());
          print(() -> CURRENT.get());
        }
        case "local-changed" -> {
          CURRENT.set(new Order());
          print(() -> CURRENT.set(new Order()));
        }
        case "local-initial" ->
            print(
                () -> {
                  CACHE.get().number++;
                  OWN_CACHE.get().number++;
                });
        case "local-made-on-reading" ->
            print(
                () -> {
                  OwnLocals.Cache.get().hits++;
                  OwnLocals.PaddedSlots.get().used++;
                });
        case "local-allowed" -> {
          String allowed = SymptomsChild.class.getName() + ".CURRENT";
          LeakCheckOptions options =
              AT_ONCE.allow(Allowance.of(Set.of(), "", "", allowed, "a session for each thread"));
          LeakScope scope = LeakCheck.open(options);
          CURRENT.set(new Order());
          print(scope);
          OwnLocals.Session.begin();
          print(scope);
          scope.end();
        }
        case "local-begun" -> print(() -> OwnLocals.Session.begin());
        case "local-of-tenant" -> print(() -> OwnLocals.Tenant.of("acme"));
        case "local-also-given" -> print(() -> OwnLocals.Context.enter(new OwnLocals.Context()));
        case "local-shown" -> print(() -> OwnLocals.Shown.get());
        case "local-harmless" ->
            print(
                () -> {
                  for (Object harmless : HARMLESS) {
                    ThreadLocal<Object> local = new ThreadLocal<>();
                    KEPT.add(local);
                    local.set(harmless);
                  }
                });
        case "local-of-flag" -> print(() -> FLAG.set(false));
        case "local-in-no-static" -> {
          ThreadLocal<Order> local = new ThreadLocal<>();
          print(() -> local.set(new Order()));
          local.remove();
        }
        case "local-twice" -> {
          LeakScope outer = LeakCheck.open(AT_ONCE);
          print(() -> CURRENT.set(new Order()));
          print(() -> {});
          print(outer);
          outer.end();
        }
        case "local-of-own-thread" ->
            print(
                () -> {
                  Thread thread = new Thread(() -> CURRENT.set(new Order()));
                  thread.start();
                  thread.join();
                });
        case "local-initialises-nothing" -> {
          Class.forName(Untouched.class.getName(), false, SymptomsChild.class.getClassLoader());
          print(() -> CURRENT.set(new Order()));
          System.out.println("touched " + TOUCHED.get());
        }
        case "worker-of-nobody" ->
            withOlderPool(
                pool -> {
                  LeakScope scope = LeakCheck.open(AT_ONCE);
                  onWorker(pool);
                  print(scope);
                  scope.end();
                },
                false);
        case "worker-of-class" -> withOlderPool(pool -> print(() -> onWorker(pool)), true);
        case "worker-removed" ->
            withOlderPool(
                pool -> print(() -> pool.submit(SymptomsChild::setAndRemove).get()), true);
        case "new-worker-of-class" ->
            withIdleOlderPool(
                task -> new Thread(task, "fixture"), pool -> print(() -> onWorker(pool)));
        case "new-worker-removed" ->
            withIdleOlderPool(
                task -> new Thread(task, "fixture"),
                pool -> print(() -> pool.submit(SymptomsChild::setAndRemove).get()));
        case "new-worker-of-factory" ->
            withIdleOlderPool(
                task -> new Thread(() -> keepForEach(task), "fixture"),
                pool -> print(() -> pool.submit(() -> {}).get()));
        case "worker-of-own-pool" ->
            print(
                () -> {
                  ExecutorService pool = Executors.newFixedThreadPool(1);
                  onWorker(pool);
                  pool.shutdown();
                  pool.awaitTermination(1, TimeUnit.MINUTES);
                });
        case "worker-beside" ->
            withOlderPool(
                pool -> {
                  TestScope beside = TestScope.open(BY_ENTRY);
                  TestScope scope = TestScope.open(BY_ENTRY);
                  onWorker(pool);
                  print(scope.findings());
                  print(beside.findings());
                  scope.end();
                  beside.end();
                },
                false);
        case "worker-busy" ->
            withOlderPool(
                pool -> {
                  CountDownLatch set = new CountDownLatch(1);
                  CountDownLatch released = new CountDownLatch(1);
                  print(
                      () -> {
                        pool.execute(
                            () -> {
                              CURRENT.set(new Order());
                              set.countDown();
                              try {
                                released.await();
                              } catch (InterruptedException e) {
                                return;
                              }
                            });
                        set.await();
                      });
                  released.countDown();
                },
                true);
        case "cost" -> printCost();
        default -> throw new IllegalArgumentException(step);
      }
      System.out.flush();
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().halt(0);
  }

  /** What a test sets, and forgets. */
  private static final ThreadLocal<Order> CURRENT = new ThreadLocal<>();

  private static final ThreadLocal<Boolean> FLAG = new ThreadLocal<>();
  private static final ThreadLocal<Order> CACHE = ThreadLocal.withInitial(Order::new);
  private static final ThreadLocal<Order> OWN_CACHE =
      new ThreadLocal<>() {
        @Override
        protected Order initialValue() {
          return new Order();
        }
      };

  private static final List<ExecutorService> POOLS = new ArrayList<>();

  private static final List<ThreadLocal<?>> KEPT = new ArrayList<>();
  private static final AtomicBoolean TOUCHED = new AtomicBoolean();

  private static final List<Object> HARMLESS =
      List.of(
          new SoftReference<>(new Order()),
          new WeakReference<>(new Order()),
          new byte[8],
          new StringBuilder("used"),
          new SimpleDateFormat("yyyy"),
          new HashMap<>(),
          new ArrayList<>(),
          0,
          "a value of nobody knows whom",
          Boolean.FALSE);

  private static final class Order {
    int number;
  }

  private static final class Untouched {
    static final ThreadLocal<Order> LOCAL = touch();

    private static ThreadLocal<Order> touch() {
      TOUCHED.set(true);
      return new ThreadLocal<>();
    }
  }

  private interface UseOfPool {
    void use(ExecutorService pool) throws Exception;
  }

  /** A pool that is older than what uses it: of a scope around that, or of none. */
  private static void withOlderPool(UseOfPool use, boolean inScope) throws Exception {
    LeakScope outer = inScope ? LeakCheck.open(AT_ONCE) : null;
    ExecutorService pool = Executors.newFixedThreadPool(1, task -> new Thread(task, "fixture"));
    pool.submit(() -> {}).get();
    use.use(pool);
    pool.shutdown();
    if (outer != null) {
      outer.end();
    }
  }

  /** The pool has no worker yet when it is used. */
  private static void withIdleOlderPool(ThreadFactory factory, UseOfPool use) throws Exception {
    LeakScope outer = LeakCheck.open(AT_ONCE);
    ExecutorService pool = Executors.newFixedThreadPool(1, factory);
    use.use(pool);
    pool.shutdown();
    outer.end();
  }

  /** As a pool does that keeps something for each of its workers. */
  private static void keepForEach(Runnable worker) {
    CURRENT.set(new Order());
    worker.run();
  }

  private static void onWorker(ExecutorService pool) throws Exception {
    pool.submit(() -> CURRENT.set(new Order())).get();
  }

  private static void setAndRemove() {
    CURRENT.set(new Order());
    CURRENT.remove();
  }

  /** Of opening and checking a scope in which nothing happens, in nanoseconds. */
  private static void printCost() throws Exception {
    for (int locals = 0; locals < 20; locals++) {
      ThreadLocal<Object> local = new ThreadLocal<>();
      KEPT.add(local);
      local.set(new Order());
    }
    LeakScope outer = LeakCheck.open(AT_ONCE);
    for (int workers : new int[] {0, 20}) {
      ExecutorService pool = Executors.newFixedThreadPool(20);
      for (int i = 0; i < workers; i++) {
        pool.submit(() -> CURRENT.set(new Order())).get();
      }
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 30; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < 2_000; i++) {
          LeakScope scope = LeakCheck.open(AT_ONCE.brief());
          if (!scope.findings().isEmpty()) {
            throw new IllegalStateException();
          }
          scope.end();
        }
        best = Math.min(best, (System.nanoTime() - start) / 2_000);
      }
      System.out.println(workers + " workers: " + best + " ns");
      pool.shutdown();
    }
    outer.end();
  }

  private static Process start() throws java.io.IOException {
    return new ProcessBuilder("sleep", "600").start();
  }

  private static Thread hook() {
    Thread hook = new Thread(() -> {}, "close-orders-3");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  private static final class OncePerJvm {
    static final Thread HOOK = hook();

    static void touch() {}
  }

  private static void print(Body body) throws Exception {
    LeakScope scope = LeakCheck.open(AT_ONCE.brief());
    body.run();
    print(scope);
    scope.end();
  }

  /** Two scopes at once: what one's thread leaves is not the other's. */
  private static void printBeside(Body body) throws Exception {
    TestScope scope = TestScope.open(BY_ENTRY);
    TestScope beside = TestScope.open(BY_ENTRY);
    try (TestScope.Entry entry = beside.enter()) {
      body.run();
    }
    print(scope.findings());
    print(beside.findings());
    beside.end();
    scope.end();
  }

  private static void print(LeakScope scope) {
    print(scope.findings());
  }

  private static void print(Findings findings) {
    System.out.println(findings.isEmpty() ? "nothing" : TextReport.render(findings));
  }
}
