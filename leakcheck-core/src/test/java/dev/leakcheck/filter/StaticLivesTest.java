package dev.leakcheck.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.ThreadRecord;
import java.lang.reflect.Field;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rule about what a library's static field holds leaves that alone, and not what the library's
 * other objects hold, whatever these call their threads.
 */
class StaticLivesTest {

  private static final Map<String, String> LIBRARIES =
      Map.of(
          "kotlinx.coroutines.scheduling.CoroutineScheduler",
          """
          package kotlinx.coroutines.scheduling;
          public class CoroutineScheduler {
            public Thread worker;
            public static class Worker extends Thread {
              public java.util.concurrent.CountDownLatch end;
              public void run() {
                try { end.await(); } catch (InterruptedException e) { }
              }
            }
          }
          """,
          "kotlinx.coroutines.scheduling.DefaultScheduler",
          """
          package kotlinx.coroutines.scheduling;
          public class DefaultScheduler {
            public static CoroutineScheduler INSTANCE = new CoroutineScheduler();
          }
          """,
          "reactor.core.scheduler.Schedulers",
          """
          package reactor.core.scheduler;
          public class Schedulers {
            public static volatile Object CACHED_BOUNDED_ELASTIC;
          }
          """,
          "okhttp3.internal.connection.RealConnectionPool",
          """
          package okhttp3.internal.connection;
          public class RealConnectionPool {
            public static java.util.concurrent.Executor executor;
            public static void cleanUp(java.util.concurrent.CountDownLatch end) {
              executor.execute(() -> {
                try { end.await(); } catch (InterruptedException e) { }
              });
            }
          }
          """);

  @TempDir private Path directory;
  private URLClassLoader loader;

  private final CountDownLatch end = new CountDownLatch(1);
  private final List<ExecutorService> pools = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  @BeforeEach
  void compile() throws Exception {
    Map<String, String> all = new HashMap<>(LIBRARIES);
    for (String into : List.of("com.acme.shaded.", "org.acme.shaded.")) {
      LIBRARIES.forEach(
          (name, source) -> all.put(into + name, source.replace("package ", "package " + into)));
    }
    loader = StandIns.compile(directory, all);
  }

  @AfterEach
  void end() throws Exception {
    end.countDown();
    pools.forEach(ExecutorService::shutdownNow);
    for (Thread thread : threads) {
      thread.join();
    }
    loader.close();
  }

  private Class<?> type(String name) throws Exception {
    return Class.forName(name, true, loader);
  }

  private static void set(Class<?> type, String name, Object owner, Object value) throws Exception {
    Field field = type.getField(name);
    field.set(owner, value);
  }

  private ThreadPoolExecutor pool(String name) {
    ThreadPoolExecutor pool =
        (ThreadPoolExecutor)
            Executors.newCachedThreadPool(
                task -> {
                  Thread thread = new Thread(task, name + (threads.size() + 1));
                  thread.setDaemon(true);
                  thread.setContextClassLoader(loader);
                  threads.add(thread);
                  return thread;
                });
    pools.add(pool);
    return pool;
  }

  /** Names of the threads that a scope is told to have left. */
  private static List<String> left(LeakCheck.Body code) {
    try {
      LeakCheck.assertNoLeaks(LeakCheckOptions.defaults().settle(Duration.ofMillis(400)), code);
      return List.of();
    } catch (LeakAssertionError error) {
      return error.findings().list().stream()
          .flatMap(finding -> finding.threads().stream())
          .map(ThreadRecord::name)
          .sorted()
          .toList();
    }
  }

  private static void awaitParked(List<Thread> threads) {
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }
  }

  private Thread worker(String name) throws Exception {
    return worker("", name);
  }

  private Thread worker(String shadedInto, String name) throws Exception {
    Class<?> type = type(shadedInto + "kotlinx.coroutines.scheduling.CoroutineScheduler$Worker");
    Thread worker = (Thread) type.getConstructor().newInstance();
    set(type, "end", worker, end);
    worker.setName(name);
    worker.setDaemon(true);
    worker.setContextClassLoader(null);
    threads.add(worker);
    worker.start();
    return worker;
  }

  @Test
  void aWorkerOfTheSharedDispatcherIsLeftAloneAndOneOfAnInstanceIsNot() throws Exception {
    assertThat(
            left(
                () -> {
                  Object shared =
                      type("kotlinx.coroutines.scheduling.DefaultScheduler")
                          .getField("INSTANCE")
                          .get(null);
                  Thread first = worker("DefaultDispatcher-worker-1");
                  set(shared.getClass(), "worker", shared, first);
                  worker("DefaultDispatcher-worker-2");
                  awaitParked(threads);
                }))
        .containsExactly("DefaultDispatcher-worker-2");
  }

  @Test
  void theSameHoldsOfALibraryThatWasCopiedIntoAnother() throws Exception {
    assertThat(
            left(
                () -> {
                  worker("com.acme.shaded.", "DefaultDispatcher-worker-1");
                  worker("com.acme.shaded.", "DefaultDispatcher-worker-2");
                  worker("com.acme.shaded.", "DefaultDispatcher-worker-3");
                  hold("com.acme.shaded.", threads.get(0));
                  hold("org.acme.shaded.", threads.get(1)); // another copy's field
                  hold("", threads.get(2));
                  awaitParked(threads);
                }))
        .containsExactly("DefaultDispatcher-worker-2", "DefaultDispatcher-worker-3");
  }

  private void hold(String shadedInto, Thread worker) throws Exception {
    set(
        type(shadedInto + "kotlinx.coroutines.scheduling.CoroutineScheduler"),
        "worker",
        type(shadedInto + "kotlinx.coroutines.scheduling.DefaultScheduler")
            .getField("INSTANCE")
            .get(null),
        worker);
  }

  @Test
  void aPoolInTheStaticFieldIsLeftAloneAndOneBesideItIsNot() throws Exception {
    assertThat(
            left(
                () -> {
                  ThreadPoolExecutor shared = pool("boundedElastic-");
                  set(
                      type("reactor.core.scheduler.Schedulers"),
                      "CACHED_BOUNDED_ELASTIC",
                      null,
                      shared);
                  shared.submit(() -> {}).get();
                  pool("boundedElastic-").submit(() -> {}).get();
                  awaitParked(threads);
                }))
        .containsExactly("boundedElastic-2");
  }

  @Test
  void aWrapperHidesOneExecutorAndNotTwo() throws Exception {
    assertThat(
            left(
                () -> {
                  ThreadPoolExecutor shared = pool("boundedElastic-");
                  set(
                      type("reactor.core.scheduler.Schedulers"),
                      "CACHED_BOUNDED_ELASTIC",
                      null,
                      Executors.unconfigurableExecutorService(shared));
                  shared.submit(() -> {}).get();
                  pool("boundedElastic-").submit(() -> {}).get();
                  awaitParked(threads);
                }))
        .containsExactly("boundedElastic-2");
  }

  private void cleanUpConnectionPools(int count) throws Exception {
    Class<?> type = type("okhttp3.internal.connection.RealConnectionPool");
    set(type, "executor", null, pool("OkHttp ConnectionPool"));
    for (int i = 0; i < count; i++) {
      type.getMethod("cleanUp", CountDownLatch.class).invoke(null, end);
    }
    threads.forEach(thread -> thread.setName("OkHttp ConnectionPool"));
    awaitParked(threads);
  }

  @Test
  void eachFurtherInstanceThatTheStaticPoolWorksForIsTold() {
    assertThat(left(() -> cleanUpConnectionPools(10)))
        .hasSize(9)
        .containsOnly("OkHttp ConnectionPool");
  }

  @Test
  void oneInstanceAloneIsLeftAlone() {
    assertThat(left(() -> cleanUpConnectionPools(1))).isEmpty();
  }

  @Test
  void oneInstanceIsToldWithMoreOfItsLibraryThatIsToldAnyway() {
    assertThat(
            left(
                () -> {
                  pool("OkHttp Dispatcher ").submit(() -> {}).get();
                  cleanUpConnectionPool();
                }))
        .containsExactlyInAnyOrder("OkHttp Dispatcher 1", "OkHttp ConnectionPool");
  }

  @Test
  void oneInstanceIsLeftAloneBesideWhatIsOfNoLibrary() {
    assertThat(
            left(
                () -> {
                  pool("dispatcher-").submit(() -> {}).get();
                  cleanUpConnectionPool();
                }))
        .containsExactly("dispatcher-1");
  }

  private void cleanUpConnectionPool() throws Exception {
    Class<?> type = type("okhttp3.internal.connection.RealConnectionPool");
    set(type, "executor", null, pool("OkHttp ConnectionPool "));
    type.getMethod("cleanUp", CountDownLatch.class).invoke(null, end);
    threads.get(1).setName("OkHttp ConnectionPool");
    awaitParked(threads);
  }

  @Test
  void workersOfTheStaticPoolThatAwaitTasksAreLeftAlone() {
    assertThat(
            left(
                () -> {
                  cleanUpConnectionPools(4);
                  end.countDown();
                  while (((ThreadPoolExecutor) pools.get(0)).getActiveCount() > 0) {
                    Thread.onSpinWait();
                  }
                  awaitParked(threads);
                }))
        .isEmpty();
    assertThat(LiveThreads.describe(threads)).hasSize(4);
  }
}
