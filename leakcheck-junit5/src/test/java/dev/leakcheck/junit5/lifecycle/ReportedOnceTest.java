package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

class ReportedOnceTest {

  static ExecutorService leaked;

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_pool_that_was_reported_may_start_workers_in_later_tests() {
    assertThat(Run.of(LeakedPoolTestCase.class).outcomes())
        .containsExactly(
            "leaves() left unclosed-executor",
            "startsAnotherWorker() passed",
            "leavesAnotherPool() left unclosed-executor",
            "usesBoth() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeakedPoolTestCase {
    @Test
    @Order(1)
    void leaves() {
      leaked = Plants.pool();
    }

    @Test
    @Order(2)
    void startsAnotherWorker() {
      Plants.anotherWorker(leaked);
    }

    @Test
    @Order(3)
    void leavesAnotherPool() {
      Plants.anotherWorker(leaked);
      Plants.pool();
    }

    @Test
    @Order(4)
    void usesBoth() {
      Plants.anotherWorker(leaked);
    }
  }

  @Test
  void a_pool_that_was_reported_without_a_thread_may_start_its_first_in_a_later_class() {
    assertThat(Run.of(ThreadlessTestCase.class, LaterTestCase.class).outcomes())
        .containsExactly(
            "ThreadlessTestCase.leaves() left unclosed-executor",
            "LaterTestCase.startsFirstWorker() passed",
            "LaterTestCase.startsAnotherWorker() passed",
            "LaterTestCase.leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ThreadlessTestCase {
    ExecutorService pool;

    @Test
    void leaves() {
      leaked = pool = Plants.kept(Executors.newFixedThreadPool(4));
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LaterTestCase {
    @Test
    @Order(1)
    void startsFirstWorker() {
      Plants.anotherWorker(leaked);
    }

    @Test
    @Order(2)
    void startsAnotherWorker() {
      Plants.anotherWorker(leaked);
    }

    @Test
    @Order(3)
    void leaves() {
      Plants.thread();
    }
  }

  @Test
  void a_thread_that_was_reported_is_neither_a_later_tests_nor_its_classs_leak() {
    assertThat(Run.of(LeakedThreadTestCase.class, LeakedThreadTestCase.class).outcomes())
        .containsExactly(
            "LeakedThreadTestCase.leaves() left stray-thread",
            "LeakedThreadTestCase.passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeakedThreadTestCase {
    @Test
    @Order(1)
    void leaves() {
      Plants.thread();
    }

    @Test
    @Order(2)
    void passes() {
      Plants.endedThread();
    }
  }

  @Test
  void a_class_that_leaked_does_not_spoil_the_next_one() {
    assertThat(
            Run.of(ClassFixturesTest.UnclosedBeforeAllTestCase.class, LaterUserTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder(
            "UnclosedBeforeAllTestCase.uses() passed",
            "UnclosedBeforeAllTestCase.ignores() passed",
            "UnclosedBeforeAllTestCase left unclosed-executor",
            "LaterUserTestCase.uses() passed",
            "LaterUserTestCase.leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LaterUserTestCase {
    @Test
    void uses() {
      Plants.anotherWorker(ClassFixturesTest.UnclosedBeforeAllTestCase.pool);
    }

    @Test
    void leaves() {
      Plants.thread();
    }
  }

  @Test
  void a_virtual_per_task_executor_that_was_reported_may_start_threads_in_later_tests() {
    assumeTrue(Jvm.HAS_VIRTUAL_THREADS);
    assertThat(Run.of(VirtualPerTaskTestCase.class).outcomes())
        .containsExactly(
            "leaves() left unclosed-executor",
            "startsThreadThatStays() passed",
            "leavesVirtualThread() left stray-virtual-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class VirtualPerTaskTestCase {
    static void startTaskThatStays(ExecutorService executor) {
      CountDownLatch started = new CountDownLatch(1);
      executor.execute(
          () -> {
            started.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException released) {
              // the end
            }
          });
      Plants.await(started);
    }

    @Test
    @Order(1)
    void leaves() throws ReflectiveOperationException {
      Method factory = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
      leaked = Plants.kept((ExecutorService) factory.invoke(null));
      startTaskThatStays(leaked);
    }

    @Test
    @Order(2)
    void startsThreadThatStays() {
      startTaskThatStays(leaked);
    }

    @Test
    @Order(3)
    void leavesVirtualThread() {
      Plants.virtualThread();
    }
  }

  @Test
  void a_queue_that_was_reported_is_reported_again_only_when_it_grew() {
    assertThat(Run.of(QueueElsewhereTestCase.class).outcomes())
        .containsExactly(
            "fills() left leftover-queue", "leavesAsIs() passed", "grows() left leftover-queue");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class QueueElsewhereTestCase {
    final LinkedBlockingQueue<String> queue = Elsewhere.QUEUE;

    @Test
    @Order(1)
    void fills() {
      Plants.onAThread(() -> queue.add("one"));
    }

    @Test
    @Order(2)
    void leavesAsIs() {}

    @Test
    @Order(3)
    void grows() {
      Plants.onAThread(() -> queue.add("two"));
    }
  }

  static final class Elsewhere {
    static final LinkedBlockingQueue<String> QUEUE = new LinkedBlockingQueue<>();
  }
}
