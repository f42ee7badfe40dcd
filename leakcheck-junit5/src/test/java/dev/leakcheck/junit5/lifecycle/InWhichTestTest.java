package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.Finding;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Who is told of a leak of several tests is told in which of them its first thread was made, and
 * the leak has the same id whoever tells it.
 */
class InWhichTestTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static Run run(String level, Class<?>... testCases) {
    return Run.configured().with("leakcheck.level", level).over(testCases);
  }

  private static String test(Finding finding) {
    return finding.fact("test").orElse("nothing");
  }

  private static String only(List<Finding> leaks) {
    assertThat(leaks).hasSize(1);
    return test(leaks.get(0));
  }

  // Who says it

  @Test
  @Tier.WithoutAnyAgent
  void class_is_told_in_which_of_its_tests_a_pool_was_made() {
    assertThat(only(run("class", PoolTestCase.class).leaks("PoolTestCase")))
        .isEqualTo("its first thread was made while InWhichTestTest.PoolTestCase.leaves() ran");
  }

  @Test
  @Tier.WithoutAnyAgent
  void run_is_told_in_which_of_its_tests_a_pool_was_made() {
    assertThat(only(run("run", CleanTestCase.class, PoolTestCase.class).leaks("engine")))
        .isEqualTo("its first thread was made while InWhichTestTest.PoolTestCase.leaves() ran");
  }

  @Test
  void tests_own_leak_needs_no_such_words() {
    assertThat(only(Run.of(PoolTestCase.class).leaks("leaves"))).isEqualTo("nothing");
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_it_is_known_where_it_was_made() {
    assertThat(only(run("class", PoolTestCase.class).leaks("PoolTestCase"))).isEqualTo("nothing");
    Plants.release();
    assertThat(only(run("run", PoolTestCase.class).leaks("engine"))).isEqualTo("nothing");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PoolTestCase {
    @Test
    void begins() {
      Plants.endedThread();
    }

    @Test
    void leaves() {
      Plants.pool();
    }

    @Test
    void ends() {
      Plants.endedThread();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class CleanTestCase {
    @Test
    void passes() {
      Plants.endedThread();
    }
  }

  @Test
  @Tier.WithoutAnyAgent
  void what_the_instance_of_a_test_makes_is_made_in_the_test() {
    assertThat(only(run("class", FieldTestCase.class).leaks("FieldTestCase")))
        .isEqualTo("its first thread was made while InWhichTestTest.FieldTestCase.uses() ran");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FieldTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    void uses() {}
  }

  @Test
  @Tier.WithoutAgent
  void what_an_outer_instance_makes_is_made_in_the_test_of_the_inner_class() {
    assertThat(only(run("class", OuterTestCase.class).leaks("InnerTestCase")))
        .isEqualTo(
            "its first thread was made while"
                + " InWhichTestTest.OuterTestCase.InnerTestCase.uses() ran");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OuterTestCase {
    final ExecutorService pool = Plants.pool();

    @Nested
    class InnerTestCase {
      @Test
      void uses() {}
    }
  }

  @Test
  @Tier.WithoutAnyAgent
  void what_a_fixture_makes_was_made_in_no_test() {
    String words =
        "its first thread was made while InWhichTestTest.FixtureTestCase ran, outside its tests";
    assertThat(only(run("method", FixtureTestCase.class).leaks("FixtureTestCase")))
        .isEqualTo(words);
    Plants.release();
    assertThat(only(run("class", FixtureTestCase.class).leaks("FixtureTestCase"))).isEqualTo(words);
    Plants.release();
    assertThat(only(run("run", FixtureTestCase.class).leaks("engine"))).isEqualTo(words);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void open() {
      pool = Plants.working(Executors.newFixedThreadPool(2));
    }

    @Test
    void startsAnotherWorker() {
      Plants.anotherWorker(pool);
    }
  }

  @Test
  @Tier.WithoutAnyAgent
  void what_the_one_instance_of_a_class_makes_was_made_in_no_test() {
    assertThat(only(run("run", PerClassTestCase.class).leaks("engine")))
        .isEqualTo(
            "its first thread was made while InWhichTestTest.PerClassTestCase ran,"
                + " outside its tests");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    void uses() {}
  }

  @Test
  @Tier.WithoutAnyAgent
  void of_an_executor_whose_first_worker_has_ended_only_the_oldest_live_one_is_told() {
    Finding finding = run("run", ReplacedWorkerTestCase.class).leaks("engine").get(0);
    assertThat(test(finding))
        .isEqualTo(
            "the oldest of its live threads was made while"
                + " InWhichTestTest.ReplacedWorkerTestCase.second() ran");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class ReplacedWorkerTestCase {
    static ThreadPoolExecutor pool;

    @Test
    @Order(1)
    void first() throws Exception {
      pool =
          Plants.kept(
              new ThreadPoolExecutor(1, 1, 1, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>()));
      pool.allowCoreThreadTimeOut(true);
      Thread worker = pool.submit(Thread::currentThread).get(1, TimeUnit.MINUTES);
      Plants.join(worker);
    }

    @Test
    @Order(2)
    void second() {
      pool.setKeepAliveTime(1, TimeUnit.HOURS);
      Plants.anotherWorker(pool);
    }
  }

  @Test
  @Tier.WithoutAgent
  @EnabledForJreRange(min = JRE.JAVA_21)
  void run_is_told_in_which_of_its_tests_a_virtual_thread_was_made() {
    assertThat(only(run("run", CleanTestCase.class, VirtualTestCase.class).leaks("engine")))
        .isEqualTo("it was made while InWhichTestTest.VirtualTestCase.leaves() ran");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class VirtualTestCase {
    @Test
    void begins() {
      Plants.endedVirtualThread();
    }

    @Test
    void leaves() {
      Plants.virtualThread();
    }
  }

  @Test
  @Tier.WithoutAgent
  void of_several_threads_the_oldest_is_told() {
    assertThat(only(run("class", SeveralThreadsTestCase.class).leaks("SeveralThreadsTestCase")))
        .isEqualTo(
            "the oldest of them was made while"
                + " InWhichTestTest.SeveralThreadsTestCase.first() ran");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class SeveralThreadsTestCase {
    @Test
    @Order(1)
    void first() {
      Plants.thread("poller-1");
    }

    @Test
    @Order(2)
    void second() {
      Plants.thread("poller-2");
    }
  }

  // At the same time

  /** Tests that use it run at the same time, or fail. */
  private static final class Meeting {
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
  void all_tests_are_named_that_ran_at_the_same_time() {
    Run run = ParallelTest.concurrentAndDetected().over(ConcurrentTestCase.class);
    assertThat(only(run.leaks("ConcurrentTestCase")))
        .isEqualTo(
            "it was made while InWhichTestTest.ConcurrentTestCase.leaves() and"
                + " InWhichTestTest.ConcurrentTestCase.passes() ran");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ConcurrentTestCase {
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
  @Tier.WithoutAgent
  void classes_are_named_that_were_set_up_at_the_same_time_as_a_test_ran() {
    Run run = ParallelTest.concurrentAndDetected().over(LeavesTestCase.class, SetUpTestCase.class);
    assertThat(only(run.leaks("engine")))
        .isEqualTo(
            "it was made while InWhichTestTest.LeavesTestCase.leaves() and"
                + " InWhichTestTest.SetUpTestCase ran");
  }

  private static final Meeting SET_UP = new Meeting();

  @Execution(ExecutionMode.CONCURRENT)
  static class LeavesTestCase {
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void leaves() {
      SET_UP.meet();
      Plants.thread();
      SET_UP.meet();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class SetUpTestCase {
    @BeforeAll
    static void setUp() {
      SET_UP.meet();
      SET_UP.meet();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void passes() {}
  }

  @Test
  void beside_tests_that_are_not_seen_nothing_is_claimed() {
    Run run = ParallelTest.concurrent().over(CheckedTestCase.class, UncheckedTestCase.class);
    assertThat(only(run.leaks("engine"))).isEqualTo("nothing");
  }

  private static final Meeting UNCHECKED = new Meeting();

  @ExtendWith(LeakCheckExtension.class)
  @Execution(ExecutionMode.CONCURRENT)
  static class CheckedTestCase {
    @Test
    void passes() {
      UNCHECKED.meet();
      UNCHECKED.meet();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class UncheckedTestCase {
    @Test
    void leaves() {
      UNCHECKED.meet();
      Plants.thread();
      UNCHECKED.meet();
    }
  }

  // Ids

  private static String id(List<Finding> leaks) {
    assertThat(leaks).hasSize(1);
    return leaks.get(0).plainFingerprint();
  }

  @Test
  void pool_of_which_nothing_else_is_known_has_one_id_whoever_tells_it() {
    String ofTest = id(Run.of(PoolTestCase.class).leaks("leaves"));
    Plants.release();
    String ofClass = id(run("class", PoolTestCase.class).leaks("PoolTestCase"));
    Plants.release();
    String ofRun = id(run("run", PoolTestCase.class).leaks("engine"));
    assertThat(ofClass).isEqualTo(ofTest);
    assertThat(ofRun).isEqualTo(ofTest);
  }

  @Test
  void pool_of_a_fixture_has_one_id_whoever_tells_it() {
    String ofClass = id(Run.of(LocalFixtureTestCase.class).leaks("LocalFixtureTestCase"));
    Plants.release();
    String ofRun = id(run("run", LocalFixtureTestCase.class).leaks("engine"));
    assertThat(ofRun).isEqualTo(ofClass);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LocalFixtureTestCase {
    @BeforeAll
    static void setUp() {
      Plants.pool();
    }

    @Test
    void test() {}
  }

  @Test
  void pools_of_different_classes_have_different_ids_in_a_run() {
    List<Finding> leaks = run("run", PoolTestCase.class, OtherPoolTestCase.class).leaks("engine");
    assertThat(leaks).hasSize(2);
    assertThat(leaks.get(0).plainFingerprint()).isNotEqualTo(leaks.get(1).plainFingerprint());
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OtherPoolTestCase {
    @Test
    void leaves() {
      Plants.pool();
    }
  }

  @Test
  @Tier.WithoutAgent
  void threads_of_which_nothing_else_is_known_are_told_by_class_in_a_run() {
    List<Finding> leaks =
        run("run", NamelessTestCase.class, OtherNamelessTestCase.class).leaks("engine");
    assertThat(leaks)
        .extracting(InWhichTestTest::test)
        .containsExactlyInAnyOrder(
            "the oldest of them was made while InWhichTestTest.NamelessTestCase.first() ran",
            "it was made while InWhichTestTest.OtherNamelessTestCase.leaves() ran");
    Plants.release();
    String ofClass = id(run("class", NamelessTestCase.class).leaks("NamelessTestCase"));
    assertThat(leaks)
        .extracting(Finding::plainFingerprint)
        .contains(ofClass)
        .doesNotHaveDuplicates();
  }

  /** Neither its name nor its stack has anything of the user's. */
  private static void namelessThread() {
    Semaphore released = new Semaphore(0);
    Thread thread = new Thread(released::acquireUninterruptibly);
    thread.start();
    while (!released.hasQueuedThreads()) {
      Thread.yield();
    }
    Plants.atRelease(
        () -> {
          released.release();
          Plants.join(thread);
        });
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class NamelessTestCase {
    @Test
    @Order(1)
    void first() {
      namelessThread();
    }

    @Test
    @Order(2)
    void second() {
      namelessThread();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OtherNamelessTestCase {
    @Test
    void leaves() {
      namelessThread();
    }
  }

  @Test
  @Tier.WithoutAgent
  void threads_with_a_name_are_one_leak_in_a_run_whichever_classes_start_them() {
    assertThat(run("run", SeveralThreadsTestCase.class, OtherPollerTestCase.class).leaks("engine"))
        .hasSize(1);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OtherPollerTestCase {
    @Test
    void leaves() {
      Plants.thread("poller-3");
    }
  }

  @Test
  @Tier.WithoutAgent
  void where_tests_of_two_classes_overlap_the_id_is_that_of_the_run() {
    String overlapped =
        id(
            ParallelTest.concurrentAndDetected()
                .over(FirstNamelessTestCase.class, BesideTestCase.class)
                .leaks("engine"));
    Plants.release();
    assertThat(overlapped)
        .isNotEqualTo(id(run("run", NamelessTestCase.class).leaks("engine")))
        .isEqualTo(
            id(
                ParallelTest.concurrentAndDetected()
                    .over(BesideTestCase.class, FirstNamelessTestCase.class)
                    .leaks("engine")));
  }

  private static final Meeting BESIDE = new Meeting();

  @Execution(ExecutionMode.CONCURRENT)
  static class FirstNamelessTestCase {
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void leaves() {
      BESIDE.meet();
      namelessThread();
      BESIDE.meet();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class BesideTestCase {
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void passes() {
      BESIDE.meet();
      BESIDE.meet();
    }
  }
}
