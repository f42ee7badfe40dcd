package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.lifecycle.Jvm;
import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.junit5.lifecycle.Run;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Some names break the JDK's own thread dump for as long as their thread lives. */
class HostileNamesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void names_are_escaped_and_cut_and_later_tests_are_still_checked() {
    Run run = Run.of(HostileNamesTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "controlCharacters() left stray-thread",
            "longName() left stray-thread",
            "passes() passed",
            "leavesThread() left stray-thread",
            "leavesPool() left unclosed-executor",
            "forgetsField() left unclosed-executor",
            "closes() passed");
    assertThat(run.failure("controlCharacters"))
        .hasMessageContaining("red\\u001b[31m\\nLeakCheck: all is well\\u0000\\t")
        .hasMessageNotContaining("\u001b")
        .hasMessageNotContaining("\u0000")
        .hasMessageNotContaining("\nLeakCheck: all is well");
    String message = run.failure("longName").getMessage();
    assertThat(message.lines()).allMatch(line -> line.length() < 400);
    assertThat(message).contains("more characters)");
  }

  @Test
  void virtual_threads_are_still_found_beside_a_name_that_breaks_the_dump() {
    assumeTrue(Jvm.HAS_VIRTUAL_THREADS);
    assertThat(Run.of(VirtualTestCase.class).outcomes())
        .containsExactly(
            "controlCharacters() left stray-thread",
            "leavesVirtualThread() left stray-virtual-thread",
            "endsVirtualThread() passed");
  }

  @Test
  void pools_of_fixtures_are_not_accused_beside_a_name_that_breaks_the_dump() {
    assertThat(Run.of(FixturePoolsTestCase.class).outcomes())
        .containsExactly(
            "startsAWorker() passed",
            "leavesAPool() left unclosed-executor",
            "startsAnother() passed",
            "startsADelayedOne() passed",
            "replacesAWorker() passed",
            "leavesADelayedOne() left unclosed-executor",
            "closesItsOwn() passed");
  }

  @Test
  void pools_whose_workers_are_named_alike_are_each_told_beside_a_name_that_breaks_the_dump() {
    Run run = Run.of(PollersTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "first() left unclosed-executor",
            "second() left unclosed-executor",
            "third() left unclosed-executor",
            "closed() passed");
    assertThat(run.failure("second")).hasMessageContaining("ScheduledThreadPoolExecutor");
  }

  @NoLeaks(settle = "3s") // in which LeakCheck's own thread ends, which is no worker of a pool
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class FixturePoolsTestCase {
    static final ScheduledExecutorService DELAYED =
        Plants.kept(Executors.newScheduledThreadPool(1));
    static ThreadPoolExecutor shared;
    static Thread hostile;

    @BeforeAll
    static void setUp() {
      hostile = Plants.thread("console \u001b[1m>\u001b[0m");
      shared = Plants.kept((ThreadPoolExecutor) Executors.newFixedThreadPool(2));
    }

    @AfterAll
    static void tearDown() throws InterruptedException {
      shared.shutdown();
      DELAYED.shutdownNow();
      hostile.interrupt();
      hostile.join();
    }

    @Test
    @Order(1)
    void startsAWorker() throws Exception {
      shared.submit(() -> {}).get();
    }

    @Test
    @Order(2)
    void leavesAPool() {
      Plants.pool();
    }

    @Test
    @Order(3)
    void startsAnother() throws Exception {
      shared.submit(() -> {}).get();
    }

    @Test
    @Order(4)
    void startsADelayedOne() throws Exception {
      DELAYED.submit(() -> {}).get();
    }

    @Test
    @Order(5)
    void replacesAWorker() throws InterruptedException {
      int size = shared.getPoolSize();
      shared.setCorePoolSize(0);
      shared.setKeepAliveTime(1, TimeUnit.NANOSECONDS);
      while (shared.getPoolSize() > 0) {
        Thread.sleep(1);
      }
      shared.setKeepAliveTime(1, TimeUnit.HOURS);
      shared.setCorePoolSize(size);
      shared.prestartAllCoreThreads();
    }

    @Test
    @Order(6)
    void leavesADelayedOne() {
      Plants.working(Plants.kept(Executors.newScheduledThreadPool(1)));
    }

    @Test
    @Order(7)
    void closesItsOwn() {
      Plants.close(Plants.pool());
    }
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class PollersTestCase {
    static Thread hostile;

    @BeforeAll
    static void setUp() {
      hostile = Plants.thread("bell\u0007");
    }

    @AfterAll
    static void tearDown() throws InterruptedException {
      hostile.interrupt();
      hostile.join();
    }

    private static ScheduledExecutorService poller() {
      ScheduledExecutorService poller =
          Plants.kept(
              Executors.newScheduledThreadPool(1, task -> new Thread(task, "order-poller")));
      CountDownLatch polled = new CountDownLatch(1);
      poller.scheduleAtFixedRate(polled::countDown, 0, 1, TimeUnit.HOURS);
      Plants.await(polled);
      return poller;
    }

    @Test
    @Order(1)
    void first() {
      poller();
    }

    @Test
    @Order(2)
    void second() {
      poller();
    }

    @Test
    @Order(3)
    void third() {
      poller();
    }

    @Test
    @Order(4)
    void closed() {
      Plants.close(poller());
    }
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class HostileNamesTestCase {
    ExecutorService pool;

    @Test
    @Order(1)
    void controlCharacters() {
      Plants.thread("red\u001b[31m\nLeakCheck: all is well\u0000\t");
    }

    @Test
    @Order(2)
    void longName() {
      Plants.thread("x\r\n".repeat(3_334));
    }

    @Test
    @Order(3)
    void passes() {
      Plants.endedThread();
    }

    @Test
    @Order(4)
    void leavesThread() {
      Plants.thread();
    }

    @Test
    @Order(5)
    void leavesPool() {
      Plants.pool();
    }

    @Test
    @Order(6)
    void forgetsField() {
      pool = Plants.pool();
    }

    @Test
    @Order(7)
    void closes() {
      Plants.close(Plants.pool());
    }
  }

  @NoLeaks
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class VirtualTestCase {
    @Test
    @Order(1)
    void controlCharacters() {
      Plants.thread("\u001b[31m\u0000");
    }

    @Test
    @Order(2)
    void leavesVirtualThread() {
      Plants.virtualThread();
    }

    @Test
    @Order(3)
    void endsVirtualThread() {
      Plants.endedVirtualThread();
    }
  }
}
