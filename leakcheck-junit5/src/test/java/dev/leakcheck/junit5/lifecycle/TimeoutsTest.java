package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeoutsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void the_watcher_of_a_timeout_on_the_same_thread_is_nobodys_leak() {
    assertThat(Run.of(SameThreadTestCase.class).outcomes())
        .containsExactlyInAnyOrder("passes() passed", "leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class SameThreadTestCase {
    @BeforeAll
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    static void setUp() {}

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void passes() {}

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void leaves() {
      Plants.thread();
    }
  }

  @Test
  void the_watcher_takes_no_pool_of_a_test_for_its_own() {
    assertThat(Run.of(BesideWatcherTestCase.class).outcomes())
        .containsExactly(
            "passes() passed",
            "leaves() left unclosed-executor",
            "leavesAnother() left unclosed-executor",
            "closes() passed");
    assertThat(
            Run.configured()
                .with("junit.jupiter.execution.timeout.default", "1 m")
                .over(BesideWatcherTestCase.class)
                .outcomes())
        .containsExactly(
            "passes() passed",
            "leaves() left unclosed-executor",
            "leavesAnother() left unclosed-executor",
            "closes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class BesideWatcherTestCase {
    @Test
    @Order(1)
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void passes() {}

    @Test
    @Order(2)
    void leaves() {
      Plants.kept(Executors.newScheduledThreadPool(2)).schedule(() -> {}, 1, TimeUnit.DAYS);
    }

    @Test
    @Order(3)
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void leavesAnother() {
      Plants.working(Executors.newScheduledThreadPool(1));
    }

    @Test
    @Order(4)
    void closes() {
      Plants.close(Plants.working(Executors.newSingleThreadScheduledExecutor()));
    }
  }

  @Test
  void the_worker_of_a_timeout_on_a_separate_thread_is_nobodys_leak() {
    assertThat(Run.of(SeparateThreadTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "passes() passed",
            "leaves() left stray-thread",
            "forgets() left unclosed-executor",
            "closes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  static class SeparateThreadTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    void passes() {
      pool.shutdown();
    }

    @Test
    void leaves() {
      pool.shutdown();
      Plants.thread();
    }

    @Test
    void forgets() {}

    @Test
    void closes() {
      Plants.close(pool);
    }
  }

  @Test
  void the_worker_of_assertTimeoutPreemptively_is_nobodys_leak() {
    assertThat(Run.of(PreemptiveTestCase.class).outcomes())
        .containsExactlyInAnyOrder("passes() passed", "leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PreemptiveTestCase {
    @Test
    void passes() {
      Assertions.assertTimeoutPreemptively(java.time.Duration.ofMinutes(1), () -> {});
    }

    @Test
    void leaves() {
      Assertions.assertTimeoutPreemptively(
          java.time.Duration.ofMinutes(1),
          () -> {
            Plants.thread();
          });
    }
  }

  @Test
  void the_default_timeout_of_the_configuration_changes_nothing() {
    assertThat(
            Run.configured()
                .with("junit.jupiter.execution.timeout.default", "1 m")
                .over(PlacesOfLeaksTest.BodyTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrderElementsOf(PlacesOfLeaksTest.BodyTestCase.OUTCOMES);
    assertThat(
            Run.configured()
                .with("junit.jupiter.execution.timeout.default", "1 m")
                .with("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .over(PlacesOfLeaksTest.BodyTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrderElementsOf(PlacesOfLeaksTest.BodyTestCase.OUTCOMES);
  }

  @Test
  void a_time_limit_beyond_all_counting_is_as_good_as_none() {
    assertThat(Run.of(EndlessTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "seconds() passed", "days() passed", "hours() passed", "leaves() left stray-thread");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775807", "2147483647 d", "100000000 h"})
  void so_is_one_of_the_configuration(String limit) {
    assertThat(
            Run.configured()
                .with("junit.jupiter.execution.timeout.default", limit)
                .over(PreemptiveTestCase.class)
                .outcomes())
        .containsExactlyInAnyOrder("passes() passed", "leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class EndlessTestCase {
    @Test
    @Timeout(Long.MAX_VALUE)
    void seconds() {}

    @Test
    @Timeout(value = Integer.MAX_VALUE, unit = TimeUnit.DAYS)
    void days() {}

    @Test
    @Timeout(value = 100_000_000, unit = TimeUnit.HOURS)
    void hours() {}

    @Test
    @Timeout(Long.MAX_VALUE)
    void leaves() {
      Plants.thread();
    }
  }
}
