package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.LeakKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

class UncaughtExceptionsTest {

  private PrintStream err;

  @BeforeEach
  void dropOutput() {
    err = System.err;
    System.setErr(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    Plants.release();
    System.setErr(err);
  }

  private static void fail() {
    throw new IllegalStateException("no price");
  }

  private static void dies() {
    Thread thread = new Thread(UncaughtExceptionsTest::fail, "dies");
    thread.start();
    Plants.join(thread);
  }

  @Test
  void the_test_whose_thread_died_fails_and_no_other() {
    assertThat(Run.of(DeathsTestCase.class).outcomes())
        .containsExactly(
            "leaves() left uncaught-exception",
            "passes() passed",
            "failsToo() failed: no; left uncaught-exception",
            "allows() passed",
            "lives() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class DeathsTestCase {
    @Test
    @Order(1)
    void leaves() {
      dies();
    }

    @Test
    @Order(2)
    void passes() {}

    @Test
    @Order(3)
    void failsToo() {
      dies();
      throw new AssertionError("no");
    }

    @Test
    @Order(4)
    @AllowLeaks(kind = LeakKind.UNCAUGHT_EXCEPTION, thread = "dies", reason = "about crashes")
    void allows() {
      dies();
    }

    @Test
    @Order(5)
    void lives() {
      Plants.endedThread();
    }
  }

  @Test
  void the_class_answers_for_a_thread_of_its_fixture() {
    assertThat(Run.of(FixtureTestCase.class).outcomes())
        .containsExactly(
            "lets_it_die() passed", "passes() passed", "FixtureTestCase left uncaught-exception");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class FixtureTestCase {
    static final CountDownLatch GO = new CountDownLatch(1);
    static Thread thread;

    @BeforeAll
    static void start() {
      thread =
          new Thread(
              () -> {
                Plants.await(GO);
                fail();
              });
      thread.start();
    }

    @Test
    void lets_it_die() {
      GO.countDown();
      Plants.join(thread);
    }

    @Test
    void passes() {}
  }

  @Test
  void what_a_test_interrupts_at_its_end_passes() {
    assertThat(Run.of(InterruptsTestCase.class).outcomes())
        .containsExactlyInAnyOrder("interrupts() passed", "shutsDownNow() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class InterruptsTestCase {
    private static void waitForEver(CountDownLatch started) {
      started.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted", e);
      }
    }

    @Test
    void interrupts() {
      CountDownLatch started = new CountDownLatch(1);
      Thread thread = new Thread(() -> waitForEver(started));
      thread.start();
      Plants.await(started);
      thread.interrupt();
    }

    @Test
    void shutsDownNow() {
      CountDownLatch started = new CountDownLatch(2);
      ExecutorService pool = Executors.newFixedThreadPool(2);
      pool.execute(() -> waitForEver(started));
      pool.submit(() -> waitForEver(started));
      Plants.await(started);
      pool.shutdownNow();
    }
  }

  @Test
  void a_timeout_of_junit_is_no_exception_of_the_tests() {
    assertThat(Run.of(TimedOutTestCase.class).outcomes())
        .allMatch(outcome -> !outcome.contains("uncaught-exception"))
        .hasSize(3);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TimedOutTestCase {
    private static void outlast() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        fail(); // whatever the test's own code makes of JUnit's interrupt
      }
    }

    @Test
    @Timeout(
        value = 20,
        unit = TimeUnit.MILLISECONDS,
        threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void isInterrupted() {
      outlast();
    }

    @Test
    void isPreempted() {
      assertTimeoutPreemptively(Duration.ofMillis(20), TimedOutTestCase::outlast);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void failsInTime() {
      fail();
    }
  }

  @Test
  void concurrent_tests_leave_deaths_to_the_class_without_the_agent_only() {
    assertThat(ParallelTest.concurrentAndDetected().over(ConcurrentTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            Tier.hasAgent()
                ? new String[] {"leaves() left uncaught-exception", "passes() passed"}
                : new String[] {
                  "leaves() passed", "passes() passed", "ConcurrentTestCase left uncaught-exception"
                });
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ConcurrentTestCase {
    static final ParallelTest.Meeting MEETING = new ParallelTest.Meeting();

    @Test
    void leaves() {
      MEETING.meet();
      dies();
      MEETING.meet();
    }

    @Test
    void passes() {
      MEETING.meet();
      MEETING.meet();
    }
  }

  @Test
  @Tier.WithAnyAgent
  void the_test_that_gave_a_task_away_answers_for_it() {
    assertThat(Run.of(TasksTestCase.class).outcomes())
        .containsExactly(
            "asks() passed",
            "asksLater() passed",
            "drops() left uncaught-exception",
            "passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class TasksTestCase {
    static ExecutorService pool;
    Future<?> later;

    @BeforeAll
    static void open() {
      pool = Executors.newFixedThreadPool(1);
    }

    @AfterEach
    void askLater() throws InterruptedException {
      if (later != null) {
        try {
          later.get();
        } catch (ExecutionException expected) {
          later = null;
        }
      }
    }

    @AfterAll
    static void close() {
      Plants.close(pool);
    }

    @Test
    void asks() throws InterruptedException {
      later = pool.submit(UncaughtExceptionsTest::fail);
      askLater();
    }

    @Test
    void asksLater() {
      later = pool.submit(UncaughtExceptionsTest::fail);
    }

    @Test
    void drops() {
      pool.submit(UncaughtExceptionsTest::fail);
      Plants.anotherWorker(pool);
    }

    @Test
    void passes() {
      Plants.anotherWorker(pool);
    }
  }

  @Test
  @Tier.WithoutAnyAgent
  void tasks_are_not_seen_without_the_agent() {
    assertThat(Run.of(TasksTestCase.class).outcomes())
        .allMatch(outcome -> outcome.endsWith(" passed"));
  }
}
