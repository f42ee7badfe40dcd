package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.lifecycle.ParallelTest.Meeting;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Tests that give the common pool something to do. */
class CommonPoolTest {

  private static final ForkJoinPool POOL = ForkJoinPool.commonPool();

  private static volatile CountDownLatch released = new CountDownLatch(1);

  @BeforeEach
  void prepare() {
    Assumptions.assumeTrue(POOL.getParallelism() > 0, "the common pool has no threads");
    assertThat(POOL.awaitQuiescence(30, TimeUnit.SECONDS)).isTrue();
    released = new CountDownLatch(1);
  }

  @AfterEach
  void release() {
    released.countDown();
    assertThat(POOL.awaitQuiescence(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void occupy(CountDownLatch until) {
    CountDownLatch started = new CountDownLatch(1);
    POOL.execute(
        () -> {
          started.countDown();
          await(until);
        });
    await(started);
  }

  @Test
  void a_test_answers_for_the_tasks_that_it_leaves() {
    assertThat(Run.of(LeavingTestCase.class).outcomes())
        .containsExactly("joins() passed", "leaves() left busy-common-pool", "next() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeavingTestCase {
    @Test
    @Order(1)
    void joins() {
      POOL.submit(() -> {}).join();
    }

    @Test
    @Order(2)
    void leaves() {
      occupy(released);
    }

    @Test
    @Order(3)
    void next() {}
  }

  @Test
  void what_the_fixture_left_is_the_classs() {
    assertThat(Run.of(FixtureTestCase.class).outcomes()).containsExactly("passes() passed");
    assertThat(Run.of(LeakyFixtureTestCase.class).outcomes())
        .containsExactly("passes() passed", "LeakyFixtureTestCase left busy-common-pool");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    static final CountDownLatch END = new CountDownLatch(1);

    @BeforeAll
    static void setUp() {
      occupy(END);
    }

    @Test
    void passes() {}

    @AfterAll
    static void tearDown() {
      END.countDown();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LeakyFixtureTestCase {
    @BeforeAll
    static void setUp() {
      occupy(released);
    }

    @Test
    void passes() {}
  }

  @Test
  void the_class_answers_for_tests_that_run_at_the_same_time() {
    Run run = ParallelTest.concurrentAndDetected().over(ConcurrentTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "leaves() passed", "passes() passed", "ConcurrentTestCase left busy-common-pool");
    assertThat(run.failure("ConcurrentTestCase"))
        .hasMessageContaining("ran at the same time")
        .hasMessageContaining("cannot be told");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ConcurrentTestCase {
    static final Meeting MEETING = new Meeting();

    @Test
    void leaves() {
      MEETING.meet();
      occupy(released);
      MEETING.meet();
    }

    @Test
    void passes() {
      MEETING.meet();
      MEETING.meet();
    }
  }
}
