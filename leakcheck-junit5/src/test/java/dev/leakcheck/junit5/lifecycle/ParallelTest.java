package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.LeakKind;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Tests that run at the same time are not blamed for each other's leaks. Without an agent the class
 * or the run answers for what cannot be told; {@link ParallelWithAgentTest} shows the same test
 * cases with one.
 */
class ParallelTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  static Run.Setup concurrent() {
    return Run.configured()
        .with("junit.jupiter.execution.parallel.enabled", "true")
        .with("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .with("junit.jupiter.execution.parallel.config.fixed.parallelism", "2");
  }

  static Run.Setup concurrentAndDetected() {
    return concurrent().with("junit.jupiter.extensions.autodetection.enabled", "true");
  }

  /** Two tests that use it run at the same time, or fail. */
  static final class Meeting {
    private final CyclicBarrier barrier = new CyclicBarrier(2);

    void meet() {
      try {
        barrier.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new AssertionError("the tests did not run at the same time", e);
      }
    }
  }

  @Test
  @Tier.WithoutAgent
  void the_class_answers_for_what_its_concurrent_tests_leave() {
    Run run = concurrentAndDetected().over(ConcurrentMethodsTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "leaves() passed", "passes() passed", "ConcurrentMethodsTestCase left stray-thread");
    assertThat(run.failure("ConcurrentMethodsTestCase"))
        .hasMessageStartingWith(
            "LeakCheck: ParallelTest.ConcurrentMethodsTestCase left 1 thread behind")
        .hasMessageContaining("2 tests ran at the same time as others")
        .hasMessageContaining("the check moved to the end of the class");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ConcurrentMethodsTestCase {
    static final Meeting MEETING = new Meeting();

    @Test
    void leaves() {
      MEETING.meet();
      Plants.thread();
      MEETING.meet();
    }

    @Test
    void passes() {
      MEETING.meet();
      MEETING.meet();
    }
  }

  @Test
  void concurrent_tests_that_leave_nothing_pass_and_so_does_their_class() {
    assertThat(concurrentAndDetected().over(CleanMethodsTestCase.class).outcomes())
        .containsExactlyInAnyOrder("first() passed", "second() passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class CleanMethodsTestCase {
    static final Meeting MEETING = new Meeting();

    void use() {
      ExecutorService pool = Plants.pool();
      MEETING.meet();
      Plants.close(pool);
    }

    @Test
    void first() {
      use();
    }

    @Test
    void second() {
      use();
    }
  }

  @Test
  void a_concurrent_test_does_not_wait_for_what_an_extension_closes_later() {
    Run run = concurrentAndDetected().with("leakcheck.settle", "5m").over(GivenPoolTestCase.class);
    assertThat(run.outcomes()).containsExactlyInAnyOrder("first() passed", "second() passed");
  }

  /** The test that gets the first pool runs until the other was checked. */
  @Execution(ExecutionMode.CONCURRENT)
  @ExtendWith(GivesPools.class)
  static class GivenPoolTestCase {
    static final AtomicInteger INSTANCES = new AtomicInteger();
    static final CountDownLatch BEGUN = new CountDownLatch(1);
    static final CountDownLatch CHECKED = new CountDownLatch(1);

    @RegisterExtension
    final TestWatcher watcher =
        new TestWatcher() {
          @Override
          public void testSuccessful(ExtensionContext context) {
            CHECKED.countDown();
          }
        };

    static final AtomicReference<Object> FIRST = new AtomicReference<>();

    final ExecutorService pool;

    GivenPoolTestCase(ExecutorService pool) {
      this.pool = pool;
      FIRST.compareAndSet(null, this);
    }

    static void awaitOther() {
      if (INSTANCES.incrementAndGet() > 1) {
        try {
          assertThat(BEGUN.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }

    void use() throws InterruptedException {
      if (FIRST.get() == this) {
        BEGUN.countDown();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (CHECKED.getCount() > 0 && System.nanoTime() < end) {
          Thread thread = new Thread(() -> LockSupport.parkNanos(1_000_000));
          thread.start(); // so that it moves: whoever waits goes on
          thread.join();
        }
        assertThat(CHECKED.getCount()).as("checks to come").isZero();
      }
    }

    @Test
    void first() throws InterruptedException {
      use();
    }

    @Test
    void second() throws InterruptedException {
      use();
    }
  }

  /** What it gives to constructors is closed with the class. */
  static final class GivesPools implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return true;
    }

    @Override
    public ExecutorService resolveParameter(ParameterContext parameter, ExtensionContext context) {
      GivenPoolTestCase.awaitOther();
      ExecutorService pool = Plants.pool();
      context
          .getStore(ExtensionContext.Namespace.create(GivesPools.class))
          .put(pool, new ClosesLater(pool));
      return pool;
    }
  }

  @SuppressWarnings("deprecation") // CloseableResource, for JUnit before 5.13
  record ClosesLater(ExecutorService pool)
      implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    @Override
    public void close() {
      Plants.close(pool);
    }
  }

  @Test
  void what_the_fields_of_a_concurrent_test_hold_is_still_its_own() {
    assertThat(concurrentAndDetected().over(FieldsTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "forgetsPoolAndQueue() left unclosed-executor, leftover-queue", "closes() passed");
    assertThat(concurrentAndDetected().over(ThreadlessFieldsTestCase.class).outcomes())
        .containsExactlyInAnyOrder("forgets() left unclosed-executor", "closes() passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class FieldsTestCase {
    static final Meeting MEETING = new Meeting();

    final ExecutorService pool = Plants.pool();
    final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @Test
    void forgetsPoolAndQueue() {
      MEETING.meet();
      inbox.add("message");
      MEETING.meet();
    }

    @Test
    void closes() {
      MEETING.meet();
      pool.shutdown();
      MEETING.meet();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ThreadlessFieldsTestCase {
    static final Meeting MEETING = new Meeting();

    final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(2));

    @Test
    void forgets() {
      MEETING.meet();
      MEETING.meet();
    }

    @Test
    void closes() {
      MEETING.meet();
      pool.shutdown();
      MEETING.meet();
    }
  }

  @Test
  @Tier.WithoutAgent
  void the_run_answers_for_what_concurrent_classes_leave() {
    Run run = concurrentAndDetected().over(FirstClassTestCase.class, SecondClassTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "FirstClassTestCase.leaves() passed",
            "SecondClassTestCase.passes() passed",
            "engine left stray-thread");
    assertThat(run.failure("engine"))
        .hasMessageStartingWith("LeakCheck: this run left 1 thread behind")
        .hasMessageContaining("2 classes ran at the same time as others")
        .hasMessageContaining("the check moved to the end of the run");
  }

  private static final Meeting CLASSES_MEETING = new Meeting();

  @Execution(ExecutionMode.CONCURRENT)
  static class FirstClassTestCase {
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void leaves() {
      CLASSES_MEETING.meet();
      Plants.thread();
      CLASSES_MEETING.meet();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class SecondClassTestCase {
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void passes() {
      CLASSES_MEETING.meet();
      CLASSES_MEETING.meet();
    }
  }

  @Test
  void concurrent_classes_that_leave_nothing_pass_and_so_does_the_run() {
    assertThat(
            concurrentAndDetected()
                .over(FirstCleanClassTestCase.class, SecondCleanClassTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder(
            "FirstCleanClassTestCase.closes() passed", "SecondCleanClassTestCase.closes() passed");
  }

  private static final Meeting CLEAN_CLASSES_MEETING = new Meeting();

  @Execution(ExecutionMode.CONCURRENT)
  abstract static class CleanClassTestCase {
    @Test
    void closes() {
      ExecutorService pool = Plants.pool();
      CLEAN_CLASSES_MEETING.meet();
      Plants.close(pool);
    }
  }

  static class FirstCleanClassTestCase extends CleanClassTestCase {}

  static class SecondCleanClassTestCase extends CleanClassTestCase {}

  @Test
  void beside_classes_that_are_not_checked_the_run_answers() {
    Run run = concurrent().over(CheckedTestCase.class, UncheckedTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "CheckedTestCase.passes() passed",
            "CheckedTestCase.forgetsField() left unclosed-executor",
            "UncheckedTestCase.leaves() passed",
            "engine left stray-thread");
    assertThat(run.failure("engine"))
        .hasMessageStartingWith("LeakCheck: this run left 1 thread behind")
        .hasMessageContaining(
            Tier.hasAgent()
                ? "which of them asked for it cannot be told"
                : "the check moved to the end of the run");
  }

  private static final Meeting UNCHECKED_MEETING = new Meeting();

  @ExtendWith(LeakCheckExtension.class)
  @Execution(ExecutionMode.CONCURRENT)
  static class CheckedTestCase {
    ExecutorService pool;

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void passes() {
      UNCHECKED_MEETING.meet();
      UNCHECKED_MEETING.meet();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void forgetsField() {
      pool = Plants.pool();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class UncheckedTestCase {
    @Test
    void leaves() {
      UNCHECKED_MEETING.meet();
      Plants.thread();
      UNCHECKED_MEETING.meet();
    }
  }

  @Test
  void tests_that_do_not_overlap_answer_for_themselves_though_parallel_execution_is_on() {
    assertThat(concurrentAndDetected().over(PlacesOfLeaksTest.BodyTestCase.class).outcomes())
        .containsExactlyInAnyOrderElementsOf(PlacesOfLeaksTest.BodyTestCase.OUTCOMES);
  }

  @Test
  @Tier.WithoutAgent
  void an_allowance_of_a_concurrent_test_moves_with_its_check() {
    assertThat(concurrentAndDetected().over(AllowedTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leavesAllowed() passed", "leaves() passed", "AllowedTestCase left stray-thread");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class AllowedTestCase {
    static final Meeting MEETING = new Meeting();

    @Test
    @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, reason = "the pool is needed until the end")
    void leavesAllowed() {
      MEETING.meet();
      Plants.pool();
      MEETING.meet();
    }

    @Test
    void leaves() {
      MEETING.meet();
      Plants.thread();
      MEETING.meet();
    }
  }

  @Test
  @Tier.WithoutAgent
  void the_outer_class_answers_for_what_its_concurrent_inner_classes_leave() {
    Run run = concurrentAndDetected().over(ConcurrentNestedTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "First.leaves() passed",
            "First.leavesAllowed() passed",
            "Second.passes() passed",
            "ConcurrentNestedTestCase left stray-thread");
    assertThat(run.failure("ConcurrentNestedTestCase"))
        .hasMessageContaining("ran at the same time as others")
        .hasMessageContaining("the check moved to the end of the class");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ConcurrentNestedTestCase {
    static final Meeting MEETING = new Meeting();

    @Nested
    @AllowLeaks(kind = LeakKind.UNCLOSED_EXECUTOR, reason = "the pool is needed until the end")
    class First {
      @Test
      @Execution(ExecutionMode.SAME_THREAD)
      void leavesAllowed() {
        Plants.pool();
      }

      @Test
      @Execution(ExecutionMode.SAME_THREAD)
      void leaves() {
        MEETING.meet();
        Plants.thread();
        MEETING.meet();
      }
    }

    @Nested
    class Second {
      @Test
      void passes() {
        MEETING.meet();
        MEETING.meet();
      }
    }
  }

  @Test
  void the_workers_of_the_parallel_executor_are_nobodys_leak() {
    assertThat(
            concurrentAndDetected()
                .with("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .with("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .over(PassingTestCase.class, PassingTooTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder(
            "PassingTestCase.first() passed",
            "PassingTestCase.second() passed",
            "PassingTooTestCase.first() passed",
            "PassingTooTestCase.second() passed");
  }

  static class PassingTestCase {
    @Test
    void first() {}

    @Test
    void second() {
      Plants.endedThread();
    }
  }

  static class PassingTooTestCase extends PassingTestCase {}
}
