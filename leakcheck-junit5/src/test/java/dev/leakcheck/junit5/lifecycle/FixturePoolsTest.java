package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The workers that a fixture's pool starts during a test are not that test's leak. */
class FixturePoolsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        MadeInBeforeAllTestCase.class,
        MadeInStaticInitialiserTestCase.class,
        PerClassInstanceTestCase.class,
        ServiceInStaticFieldTestCase.class,
        ServiceInPerClassInstanceTestCase.class,
        PoolInMapTestCase.class,
        CachedPoolTestCase.class,
        ScheduledPoolTestCase.class,
        ForkJoinPoolTestCase.class,
        WorkStealingWrapperTestCase.class,
        UnconfigurableWrapperTestCase.class,
      })
  void a_pool_of_the_fixture_may_start_workers_during_a_test(Class<?> testCase) {
    assertThatOnlyTheTestsOwnPoolIsFound(testCase);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {SingleThreadWrapperTestCase.class, SingleThreadScheduledWrapperTestCase.class})
  void a_single_thread_executor_of_the_fixture_may_start_its_thread_during_a_test(
      Class<?> testCase) {
    assertThatOnlyTheTestsOwnPoolIsFound(testCase);
  }

  /** Which pool a wrapper hides is not known; which pool another one is, is. */
  @RepeatedTest(8)
  void pools_that_a_fixture_makes_when_first_used_are_its_own_whatever_hides_them() {
    assertThat(Run.of(MakesSeveralTestCase.class).outcomes())
        .containsExactly("usesAll() passed", "usesAllAgain() passed");
  }

  @Test
  void what_a_wrapper_of_the_fixtures_hides_is_no_pool_that_a_field_of_the_test_holds() {
    assertThat(Run.of(WrapperInServiceTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left unclosed-executor", "closes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class WrapperInServiceTestCase {
    private static WrappingService service;
    private final ExecutorService own = Plants.kept(Executors.newFixedThreadPool(1));

    @BeforeAll
    static void setUp() throws Exception {
      service = new WrappingService();
      service.executor.submit(() -> {}).get();
    }

    @Test
    void leaves() throws Exception {
      own.submit(() -> {}).get();
    }

    @Test
    void closes() throws Exception {
      own.submit(() -> {}).get();
      own.shutdown();
    }

    @AfterAll
    static void tearDown() {
      service.executor.shutdown();
    }
  }

  static final class WrappingService {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
  }

  private static void assertThatOnlyTheTestsOwnPoolIsFound(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactly(
            "startsFirstWorker() passed",
            "startsAnotherWorker() passed",
            "startsAnotherWorkerBesideItsOwnPool() left unclosed-executor",
            "closesItsOwnPool() passed");
  }

  /**
   * Those that extend this keep their pool in a field of their own: what a superclass has in a
   * static field is held for all its subclasses, and not this fixture's.
   */
  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class FixturePoolTestCase {
    abstract ExecutorService fixture();

    @Test
    @Order(1)
    void startsFirstWorker() {
      Plants.anotherWorker(fixture());
    }

    @Test
    @Order(2)
    void startsAnotherWorker() {
      Plants.anotherWorker(fixture());
    }

    @Test
    @Order(3)
    void startsAnotherWorkerBesideItsOwnPool() {
      Plants.anotherWorker(fixture());
      Plants.pool();
    }

    @Test
    @Order(4)
    void closesItsOwnPool() {
      Plants.anotherWorker(fixture());
      Plants.close(Plants.pool());
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class MakesSeveralTestCase {
    static final Map<String, ExecutorService> FIXTURE = new ConcurrentHashMap<>();

    private static void use(String name, Supplier<ExecutorService> maker) {
      Plants.anotherWorker(FIXTURE.computeIfAbsent(name, key -> Plants.kept(maker.get())));
    }

    @Test
    @Order(1)
    void usesAll() {
      for (int i = 0; i < 4; i++) {
        use("fixed " + i, () -> Executors.newFixedThreadPool(4));
        use("single " + i, Executors::newSingleThreadExecutor);
      }
    }

    @Test
    @Order(2)
    void usesAllAgain() {
      FIXTURE.values().forEach(Plants::anotherWorker);
    }

    @AfterAll
    static void tearDown() {
      FIXTURE.values().forEach(Plants::close);
      FIXTURE.clear();
    }
  }

  static class MadeInBeforeAllTestCase extends FixturePoolTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(Executors.newFixedThreadPool(4));
    }

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  static class MadeInStaticInitialiserTestCase extends FixturePoolTestCase {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(4));

    @Override
    ExecutorService fixture() {
      return POOL;
    }

    @AfterAll
    static void tearDown() {
      POOL.shutdown();
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassInstanceTestCase extends FixturePoolTestCase {
    final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(4));

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    void tearDown() {
      pool.shutdown();
    }
  }

  static class Service {
    private final Supplier<ExecutorService> hidden;

    Service() {
      ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(4));
      hidden = () -> pool;
    }

    ExecutorService pool() {
      return hidden.get();
    }

    void stop() {
      pool().shutdown();
    }
  }

  static class ServiceInStaticFieldTestCase extends FixturePoolTestCase {
    static Service service;

    @BeforeAll
    static void setUp() {
      service = new Service();
    }

    @Override
    ExecutorService fixture() {
      return service.pool();
    }

    @AfterAll
    static void tearDown() {
      service.stop();
    }
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class ServiceInPerClassInstanceTestCase extends FixturePoolTestCase {
    final Service service = new Service();

    @Override
    ExecutorService fixture() {
      return service.pool();
    }

    @AfterAll
    void tearDown() {
      service.stop();
    }
  }

  static class PoolInMapTestCase extends FixturePoolTestCase {
    static final ConcurrentHashMap<String, List<ExecutorService>> POOLS = new ConcurrentHashMap<>();

    @BeforeAll
    static void setUp() {
      POOLS.put("pools", List.of(Plants.kept(Executors.newFixedThreadPool(4))));
    }

    @Override
    ExecutorService fixture() {
      return POOLS.get("pools").get(0);
    }

    @AfterAll
    static void tearDown() {
      POOLS.get("pools").get(0).shutdown();
    }
  }

  static class CachedPoolTestCase extends FixturePoolTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(Executors.newCachedThreadPool());
    }

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  static class ScheduledPoolTestCase extends FixturePoolTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(Executors.newScheduledThreadPool(4));
    }

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  static class ForkJoinPoolTestCase extends FixturePoolTestCase {
    static ForkJoinPool pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(new ForkJoinPool(4));
    }

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  static class WorkStealingWrapperTestCase extends FixturePoolTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(Executors.unconfigurableExecutorService(Executors.newWorkStealingPool(4)));
    }

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  static class UnconfigurableWrapperTestCase extends FixturePoolTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(Executors.unconfigurableExecutorService(Executors.newFixedThreadPool(4)));
    }

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  static class SingleThreadWrapperTestCase extends FixturePoolTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(Executors.newSingleThreadExecutor());
    }

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  static class SingleThreadScheduledWrapperTestCase extends FixturePoolTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(Executors.newSingleThreadScheduledExecutor());
    }

    @Override
    ExecutorService fixture() {
      return pool;
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  @Test
  void a_pool_that_the_fixture_keeps_elsewhere_may_start_its_first_worker_during_a_test() {
    assumeTrue(Jvm.LISTS_EXECUTORS, "a pool without a worker or a field in sight is not seen");
    assertThatOnlyTheTestsOwnPoolIsFound(PoolElsewhereTestCase.class);
  }

  @Test
  void a_pool_that_the_fixture_keeps_elsewhere_may_start_more_workers_during_a_test() {
    assertThatOnlyTheTestsOwnPoolIsFound(WorkingPoolElsewhereTestCase.class);
  }

  static final class Elsewhere {
    static ExecutorService pool;
  }

  abstract static class ElsewhereTestCase extends FixturePoolTestCase {
    @Override
    ExecutorService fixture() {
      return Elsewhere.pool;
    }

    @AfterAll
    static void tearDown() {
      Elsewhere.pool.shutdown();
    }
  }

  static class WorkingPoolElsewhereTestCase extends ElsewhereTestCase {
    @BeforeAll
    static void setUp() {
      Elsewhere.pool = Plants.pool();
    }
  }

  static class PoolElsewhereTestCase extends ElsewhereTestCase {
    @BeforeAll
    static void setUp() {
      Elsewhere.pool = Plants.kept(Executors.newFixedThreadPool(4));
    }
  }

  @Test
  void a_busy_pool_of_the_fixture_may_replace_a_worker_that_died() {
    assertThat(Run.of(DyingWorkerTestCase.class).outcomes()).containsExactly("kills() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class DyingWorkerTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.working(Executors.newFixedThreadPool(1, DyingWorkerTestCase::quiet));
    }

    private static Thread quiet(Runnable worker) {
      Thread thread = new Thread(worker, "quiet");
      thread.setUncaughtExceptionHandler((dead, failure) -> {});
      return thread;
    }

    @Test
    void kills() throws Exception {
      pool.execute(
          () -> {
            throw new IllegalStateException("worker dies");
          });
      Future<?> next = pool.submit(() -> {});
      next.get();
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }
}
