package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.lifecycle.ParallelTest.Meeting;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With an agent each of the tests that run at the same time answers for its own, at its end. */
@Tier.WithAgent
class ParallelWithAgentTest {

  private static final String CANNOT_BE_TOLD =
      "works for several tests at once: which of them asked for it cannot be told";

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  /** How many threads JUnit runs tests on. */
  enum Strategy {
    FIXED,
    DYNAMIC;

    Run.Setup run() {
      return this == FIXED
          ? ParallelTest.concurrentAndDetected()
          : ParallelTest.concurrentAndDetected()
              .with("junit.jupiter.execution.parallel.config.strategy", "dynamic")
              .with("junit.jupiter.execution.parallel.config.dynamic.factor", "2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void each_of_several_concurrent_tests_answers_for_its_own(Strategy strategy) {
    Run run = strategy.run().over(ParallelTest.ConcurrentMethodsTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder("leaves() left stray-thread", "passes() passed");
    assertThat(run.failure("leaves"))
        .hasMessageStartingWith(
            "LeakCheck: ParallelTest.ConcurrentMethodsTestCase.leaves() left 1 thread behind")
        .hasMessageNotContaining("ran at the same time");
  }

  @ParameterizedTest
  @EnumSource
  void so_does_each_of_several_concurrent_classes(Strategy strategy) {
    assertThat(
            strategy
                .run()
                .over(ParallelTest.FirstClassTestCase.class, ParallelTest.SecondClassTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder(
            "FirstClassTestCase.leaves() left stray-thread", "SecondClassTestCase.passes() passed");
  }

  @Test
  void the_fixture_of_a_concurrent_class_is_the_classs() {
    assertThat(
            ParallelTest.concurrentAndDetected()
                .over(LeakyFixtureTestCase.class, CleanFixtureTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder(
            "LeakyFixtureTestCase.test() passed",
            "LeakyFixtureTestCase left unclosed-executor",
            "CleanFixtureTestCase.test() passed");
  }

  private static final Meeting FIXTURES_MEETING = new Meeting();

  @Execution(ExecutionMode.CONCURRENT)
  static class LeakyFixtureTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void open() {
      FIXTURES_MEETING.meet();
      pool = Plants.pool();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void test() {
      FIXTURES_MEETING.meet();
      Plants.anotherWorker(pool);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class CleanFixtureTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void open() {
      FIXTURES_MEETING.meet();
      pool = Plants.pool();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void test() {
      FIXTURES_MEETING.meet();
      Plants.anotherWorker(pool);
    }

    @AfterAll
    static void close() {
      Plants.close(pool);
    }
  }

  @Test
  void an_allowance_is_its_tests_own() {
    assertThat(
            ParallelTest.concurrentAndDetected()
                .over(ParallelTest.AllowedTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder("leavesAllowed() passed", "leaves() left stray-thread");
  }

  @Test
  void each_of_several_concurrent_inner_classes_answers_for_its_own() {
    assertThat(
            ParallelTest.concurrentAndDetected()
                .over(ParallelTest.ConcurrentNestedTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder(
            "First.leaves() left stray-thread",
            "First.leavesAllowed() passed",
            "Second.passes() passed");
  }

  @Test
  void the_fixture_of_an_outer_class_is_no_concurrent_inner_tests() {
    assertThat(ParallelTest.concurrentAndDetected().over(OuterFixtureTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "First.leaves() left stray-thread",
            "Second.startsWorker() passed",
            "OuterFixtureTestCase left unclosed-executor");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class OuterFixtureTestCase {
    static final Meeting MEETING = new Meeting();
    static ExecutorService pool;

    @BeforeAll
    static void open() {
      pool = Plants.pool();
    }

    @Nested
    class First {
      @Test
      void leaves() {
        MEETING.meet();
        Plants.thread();
        MEETING.meet();
      }
    }

    @Nested
    class Second {
      @Test
      void startsWorker() {
        MEETING.meet();
        Plants.anotherWorker(pool);
        MEETING.meet();
      }
    }
  }

  @Test
  void what_the_threads_of_a_concurrent_test_make_is_the_tests() {
    assertThat(ParallelTest.concurrentAndDetected().over(DescendantsTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leavesGrandchild() left stray-thread", "leavesPoolOfOwnPool() left unclosed-executor");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class DescendantsTestCase {
    static final Meeting MEETING = new Meeting();

    @Test
    void leavesGrandchild() {
      MEETING.meet();
      Thread child = new Thread(() -> Plants.thread("grandchild"));
      child.start();
      Plants.join(child);
      MEETING.meet();
    }

    @Test
    void leavesPoolOfOwnPool() {
      MEETING.meet();
      ExecutorService own = Plants.pool();
      run(own, () -> Plants.kept(Executors.newFixedThreadPool(1)));
      Plants.close(own);
      MEETING.meet();
    }
  }

  @Test
  void a_local_pool_without_a_thread_is_its_concurrent_tests() {
    assertThat(ParallelTest.concurrentAndDetected().over(ThreadlessTestCase.class).outcomes())
        .containsExactlyInAnyOrder("forgets() left unclosed-executor", "closes() passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ThreadlessTestCase {
    static final Meeting MEETING = new Meeting();

    @Test
    void forgets() {
      MEETING.meet();
      Plants.kept(Executors.newFixedThreadPool(1));
      MEETING.meet();
    }

    @Test
    void closes() {
      MEETING.meet();
      Executors.newFixedThreadPool(1).shutdown();
      MEETING.meet();
    }
  }

  @Test
  void a_queue_that_a_concurrent_test_leaves_in_a_static_is_that_tests() {
    try {
      assertThat(ParallelTest.concurrentAndDetected().over(QueuesTestCase.class).outcomes())
          .containsExactlyInAnyOrder("leavesElement() left leftover-queue", "takesAll() passed");
    } finally {
      Registry.first = null;
      Registry.second = null;
    }
  }

  private static final class Registry {
    static LinkedBlockingQueue<String> first;
    static LinkedBlockingQueue<String> second;
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class QueuesTestCase {
    static final Meeting MEETING = new Meeting();

    @Test
    void leavesElement() {
      MEETING.meet();
      Registry.first = new LinkedBlockingQueue<>();
      Registry.first.add("left");
      MEETING.meet();
    }

    @Test
    void takesAll() throws InterruptedException {
      MEETING.meet();
      Registry.second = new LinkedBlockingQueue<>();
      Registry.second.add("taken");
      Registry.second.take();
      MEETING.meet();
    }
  }

  @Test
  void what_a_shared_pool_starts_for_one_of_several_tests_is_the_classs() {
    Run run = ParallelTest.concurrentAndDetected().over(SharedPoolTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "hasThePoolLeave() passed", "passes() passed", "SharedPoolTestCase left stray-thread");
    assertThat(run.failure("SharedPoolTestCase")).hasMessageContaining(CANNOT_BE_TOLD);
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class SharedPoolTestCase {
    static final Meeting MEETING = new Meeting();
    static ExecutorService pool;

    @BeforeAll
    static void open() {
      pool = Plants.pool();
    }

    @Test
    void hasThePoolLeave() {
      MEETING.meet();
      run(pool, Plants::thread);
      MEETING.meet();
    }

    @Test
    void passes() {
      MEETING.meet();
      MEETING.meet();
    }

    @AfterAll
    static void close() {
      Plants.close(pool);
    }
  }

  @Test
  void what_a_shared_pool_starts_for_the_only_test_that_runs_is_that_tests() {
    Run run = ParallelTest.concurrentAndDetected().over(SharedPoolAloneTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder("hasThePoolLeave() left stray-thread", "passes() passed");
    assertThat(run.failure("hasThePoolLeave")).hasMessageNotContaining(CANNOT_BE_TOLD);
  }

  @Execution(ExecutionMode.SAME_THREAD)
  static class SharedPoolAloneTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void open() {
      pool = Plants.pool();
    }

    @Test
    void hasThePoolLeave() {
      run(pool, Plants::thread);
    }

    @Test
    void passes() {}

    @AfterAll
    static void close() {
      Plants.close(pool);
    }
  }

  @Test
  void what_an_older_pool_starts_for_one_of_several_classes_is_the_runs() {
    olderPool = Plants.pool();
    Run run =
        ParallelTest.concurrentAndDetected()
            .over(FirstSharingTestCase.class, SecondSharingTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "FirstSharingTestCase.hasThePoolLeave() passed",
            "SecondSharingTestCase.passes() passed",
            "engine left stray-thread");
    assertThat(run.failure("engine"))
        .hasMessageStartingWith("LeakCheck: this run left 1 thread behind")
        .hasMessageContaining(CANNOT_BE_TOLD);
  }

  private static final Meeting SHARING_MEETING = new Meeting();
  private static ExecutorService olderPool;

  @Execution(ExecutionMode.CONCURRENT)
  static class FirstSharingTestCase {
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void hasThePoolLeave() {
      SHARING_MEETING.meet();
      run(olderPool, Plants::thread);
      SHARING_MEETING.meet();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class SecondSharingTestCase {
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void passes() {
      SHARING_MEETING.meet();
      SHARING_MEETING.meet();
    }
  }

  private static void run(ExecutorService executor, Runnable task) {
    Future<?> future = executor.submit(task);
    try {
      future.get(1, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
