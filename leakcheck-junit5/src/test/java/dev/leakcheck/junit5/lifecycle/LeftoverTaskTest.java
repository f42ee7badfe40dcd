package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that schedule something in an executor that is older than they are. */
@Tier.ReadsTasks
class LeftoverTaskTest {

  private static ScheduledExecutorService shared;
  private static ExecutorService pool;
  private static CountDownLatch released = new CountDownLatch(1);

  @BeforeEach
  void prepare() throws Exception {
    shared = Executors.newScheduledThreadPool(1);
    shared.submit(() -> {}).get();
    pool = Executors.newCachedThreadPool();
    released = new CountDownLatch(1);
  }

  @AfterEach
  void close() {
    shared.shutdownNow();
    released.countDown();
    pool.shutdown();
  }

  private static ScheduledFuture<?> schedule() {
    return shared.scheduleAtFixedRate(() -> System.out.print(""), 1, 1, TimeUnit.HOURS);
  }

  @Test
  void a_test_answers_for_what_it_scheduled() {
    assertThat(Run.of(LeavingTestCase.class).outcomes())
        .containsExactly("cancels() passed", "leaves() left leftover-task", "next() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeavingTestCase {
    @Test
    @Order(1)
    void cancels() {
      schedule().cancel(false);
    }

    @Test
    @Order(2)
    void leaves() {
      schedule();
    }

    @Test
    @Order(3)
    void next() {}
  }

  @Test
  void what_the_fixture_scheduled_is_the_classs() {
    assertThat(Run.of(FixtureTestCase.class).outcomes()).containsExactly("passes() passed");
    assertThat(Run.of(LeakyFixtureTestCase.class).outcomes())
        .containsExactly("passes() passed", "LeakyFixtureTestCase left leftover-task");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    static ScheduledFuture<?> task;

    @BeforeAll
    static void setUp() {
      task = schedule();
    }

    @Test
    void passes() {}

    @AfterAll
    static void tearDown() {
      task.cancel(false);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LeakyFixtureTestCase {
    @BeforeAll
    static void setUp() {
      schedule();
    }

    @Test
    void passes() {}
  }

  @Test
  void what_another_extension_scheduled_is_nobodys() {
    assertThat(Run.of(BesideAnExtensionTestCase.class).outcomes())
        .containsExactly("passes() passed");
  }

  static class Scheduling implements BeforeEachCallback, BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      schedule();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      schedule();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Scheduling.class})
  static class BesideAnExtensionTestCase {
    @Test
    void passes() {}
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_a_task_that_was_executed_is_whose_who_gave_it() {
    assertThat(Run.of(ExecutingTestCase.class).outcomes())
        .containsExactly(
            "gives() left leftover-task",
            "next() passed",
            "stops() passed",
            "ExecutingTestCase left leftover-task");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class ExecutingTestCase {
    private static void execute(CountDownLatch until) {
      CountDownLatch begun = new CountDownLatch(1);
      pool.execute(
          () -> {
            begun.countDown();
            Plants.await(until);
          });
      Plants.await(begun);
    }

    @BeforeAll
    static void setUp() {
      execute(released);
    }

    @Test
    void gives() {
      execute(released);
    }

    @Test
    void next() {}

    @Test
    void stops() {
      CountDownLatch stop = new CountDownLatch(1);
      execute(stop);
      stop.countDown();
    }
  }
}
