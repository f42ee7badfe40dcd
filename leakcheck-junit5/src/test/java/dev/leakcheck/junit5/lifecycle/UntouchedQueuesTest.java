package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What only the test's own thread put into a queue that goes with the instance, nobody sent. */
class UntouchedQueuesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_test_of_a_queue_may_leave_elements_in_it() {
    assertThat(Run.of(DequeTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "peeks() passed",
            "hasATimeLimit() passed",
            "hasAThreadForItsTimeLimit() passed",
            "Inner.adds() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class DequeTestCase {
    final BlockingDeque<Integer> deque = new LinkedBlockingDeque<>();

    @BeforeEach
    void setUp() {
      deque.add(1);
    }

    @Test
    void peeks() {
      assertThat(deque.peek()).isEqualTo(1);
    }

    @Test
    @Timeout(60)
    void hasATimeLimit() {
      assertThat(deque.peek()).isEqualTo(1);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void hasAThreadForItsTimeLimit() {
      assertThat(deque.peek()).isEqualTo(1);
    }

    @Nested
    class Inner {
      @Test
      void adds() {
        deque.add(2);
      }
    }
  }

  @Test
  void one_may_keep_what_it_was_made_with() {
    assertThat(Run.of(MadeWithElementsTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "peeks() passed", "besideAThread() passed", "anotherThreadAdds() left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class MadeWithElementsTestCase {
    final BlockingQueue<Integer> queue = new LinkedBlockingQueue<>(List.of(1));

    @Test
    void peeks() {
      assertThat(queue.peek()).isEqualTo(1);
    }

    @Test
    void besideAThread() {
      Plants.onAThread(() -> assertThat(queue.peek()).isEqualTo(1));
    }

    @Test
    void anotherThreadAdds() {
      Plants.onAThread(() -> queue.add(2));
    }
  }

  @Test
  void what_another_thread_put_in_or_was_to_take_is_told() {
    assertThat(Run.of(HelpedTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "producer() left leftover-queue",
            "consumer() left leftover-queue",
            "closedPool() left leftover-queue",
            "commonPool() left leftover-queue",
            "commonPoolAgain() left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class HelpedTestCase {
    final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @Test
    void producer() {
      Plants.onAThread(() -> inbox.add("left"));
    }

    @Test
    void consumer() {
      inbox.add("taken");
      inbox.add("left");
      Plants.onAThread(inbox::poll);
    }

    @Test
    void closedPool() {
      ExecutorService pool = Plants.pool();
      pool.execute(() -> inbox.add("left"));
      Plants.close(pool);
    }

    @Test
    void commonPool() throws Exception {
      inTheCommonPool();
    }

    @Test
    void commonPoolAgain() throws Exception {
      inTheCommonPool();
    }

    /** On a worker and not on this thread, which helps if it waits for the task itself. */
    private void inTheCommonPool() throws InterruptedException {
      CountDownLatch done = new CountDownLatch(1);
      ForkJoinPool.commonPool()
          .execute(
              () -> {
                inbox.add("left");
                done.countDown();
              });
      Plants.await(done);
    }
  }

  @Test
  void what_a_virtual_thread_put_in_is_told() {
    assumeTrue(Jvm.HAS_VIRTUAL_THREADS);
    assertThat(Run.of(VirtualTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leaves() left leftover-queue", "leavesAgain() left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class VirtualTestCase {
    final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @Test
    void leaves() {
      Plants.onAVirtualThread(() -> inbox.add("left"));
    }

    @Test
    void leavesAgain() {
      Plants.onAVirtualThread(() -> inbox.add("left"));
    }
  }

  @Test
  void what_an_older_thread_may_have_put_in_is_told() {
    assertThat(Run.of(FixturePoolTestCase.class).outcomes())
        .containsExactly("starts() left leftover-queue", "usesAgain() left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class FixturePoolTestCase {
    static ExecutorService pool;

    final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @BeforeAll
    static void setUp() {
      pool = Plants.pool();
    }

    @Test
    @Order(1)
    void starts() throws ExecutionException, InterruptedException {
      CompletableFuture.runAsync(() -> inbox.add("left"), pool).get();
    }

    @Test
    @Order(2)
    void usesAgain() throws ExecutionException, InterruptedException {
      CompletableFuture.runAsync(() -> inbox.add("left"), pool).get();
    }

    @AfterAll
    static void tearDown() {
      Plants.close(pool);
    }
  }

  @Test
  void a_queue_that_outlives_the_instance_is_told() {
    assertThat(Run.of(OutlivingTestCase.class).outcomes())
        .containsExactly(
            "tracks() left leftover-queue",
            "shares() passed",
            "OutlivingTestCase left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class OutlivingTestCase {
    static BlockingQueue<String> shared;

    BlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @Test
    @Order(1)
    void tracks() {
      LeakCheck.track(inbox).add("left");
    }

    @Test
    @Order(2)
    void shares() {
      shared = inbox;
      inbox.add("left");
    }
  }

  @Test
  @Tier.WithAgent
  void a_queue_that_is_older_than_the_test_is_told() {
    assertThat(Run.of(OlderTestCase.class).outcomes())
        .containsExactly("leaves() left leftover-queue");
  }

  private static final class Bus {
    static final BlockingQueue<String> QUEUE = new LinkedBlockingQueue<>();
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OlderTestCase {
    final BlockingQueue<String> inbox = Bus.QUEUE;

    @BeforeAll
    static void touch() {
      Bus.QUEUE.clear();
    }

    @Test
    void leaves() {
      inbox.add("left");
    }
  }

  @Test
  void whatever_other_tests_do_meanwhile_it_is_left_alone() {
    assertThat(ParallelTest.concurrentAndDetected().over(ParallelTestCase.class).outcomes())
        .containsExactlyInAnyOrder("adds() passed", "startsThreads() passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ParallelTestCase {
    static final CountDownLatch ADDED = new CountDownLatch(1);
    static final CountDownLatch STARTED = new CountDownLatch(1);

    final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    @Test
    void adds() throws InterruptedException {
      queue.add("left");
      ADDED.countDown();
      STARTED.await(1, TimeUnit.MINUTES);
    }

    @Test
    void startsThreads() throws InterruptedException {
      ADDED.await(1, TimeUnit.MINUTES);
      Plants.endedThread();
      STARTED.countDown();
    }
  }
}
