package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

class OtherOutcomesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_failing_test_keeps_its_failure_and_carries_what_it_left() {
    assertThat(Run.of(FailingTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "failsAndLeaves() failed: no; left stray-thread",
            "fails() failed: no",
            "failsAndForgetsField() failed: no; left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FailingTestCase {
    ExecutorService pool;

    @Test
    void failsAndLeaves() {
      Plants.thread();
      throw new AssertionError("no");
    }

    @Test
    void fails() {
      throw new AssertionError("no");
    }

    @Test
    void failsAndForgetsField() {
      pool = Plants.pool();
      throw new AssertionError("no");
    }
  }

  @Test
  void an_aborted_test_stays_aborted_and_carries_what_it_left() {
    assertThat(Run.of(AbortedTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "abortsAndLeaves() aborted: Assumption failed: not here; left stray-thread",
            "aborts() aborted: Assumption failed: not here");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AbortedTestCase {
    @Test
    void abortsAndLeaves() {
      Plants.thread();
      Assumptions.abort("Assumption failed: not here");
    }

    @Test
    void aborts() {
      Assumptions.abort("Assumption failed: not here");
    }
  }

  @Test
  void a_disabled_test_is_not_checked() {
    assertThat(Run.of(DisabledTestCase.class).outcomes())
        .containsExactlyInAnyOrder("disabled() skipped", "leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class DisabledTestCase {
    @Test
    @Disabled
    void disabled() {
      Plants.thread();
    }

    @Test
    void leaves() {
      Plants.thread();
    }
  }

  @Test
  void a_failing_BeforeEach_or_AfterEach_keeps_its_failure_and_carries_what_it_left() {
    assertThat(Run.of(FailingBeforeEachTestCase.class).outcomes())
        .containsExactly("neverRuns() failed: no set-up; left stray-thread");
    assertThat(Run.of(FailingAfterEachTestCase.class).outcomes())
        .containsExactly("passes() failed: no tear-down; left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FailingBeforeEachTestCase {
    @BeforeEach
    void setUp() {
      Plants.thread();
      throw new IllegalStateException("no set-up");
    }

    @Test
    void neverRuns() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FailingAfterEachTestCase {
    @Test
    void passes() {}

    @AfterEach
    void tearDown() {
      Plants.thread();
      throw new IllegalStateException("no tear-down");
    }
  }

  @Test
  void a_failing_constructor_keeps_its_failure_and_does_not_disturb_the_next_test() {
    assertThat(Run.of(FailingConstructorTestCase.class).outcomes())
        .containsExactly(
            "first() failed: no instance", "second() passed", "third() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class FailingConstructorTestCase {
    static int instances;

    FailingConstructorTestCase() {
      if (instances++ == 0) {
        throw new IllegalStateException("no instance");
      }
    }

    @Test
    @Order(1)
    void first() {}

    @Test
    @Order(2)
    void second() {}

    @Test
    @Order(3)
    void third() {
      Plants.thread();
    }
  }

  @Test
  void what_a_failing_constructor_left_fails_the_class_not_the_next_test() {
    assertThat(Run.of(LeakingConstructorTestCase.class).outcomes())
        .containsExactly(
            "first() failed: no instance",
            "second() passed",
            "LeakingConstructorTestCase left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeakingConstructorTestCase {
    static int instances;

    LeakingConstructorTestCase() {
      if (instances++ == 0) {
        Plants.thread();
        throw new IllegalStateException("no instance");
      }
    }

    @Test
    @Order(1)
    void first() {}

    @Test
    @Order(2)
    void second() {}
  }

  @Test
  void a_test_that_timed_out_keeps_its_failure_and_carries_what_it_left() {
    assertThat(Run.of(TimedOutTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leaves() failed: leaves() timed out after 500 milliseconds; left stray-thread",
            "ends() failed: ends() timed out after 500 milliseconds");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TimedOutTestCase {
    @Test
    @Timeout(value = 500, unit = TimeUnit.MILLISECONDS)
    void leaves() throws InterruptedException {
      Plants.thread();
      new CountDownLatch(1).await();
    }

    @Test
    @Timeout(value = 500, unit = TimeUnit.MILLISECONDS)
    void ends() throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  @Test
  void a_test_that_timed_out_in_a_thread_of_its_own_keeps_its_failure_and_carries_what_it_left() {
    assertThat(Run.of(TimedOutElsewhereTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leaves() failed: leaves() timed out after 500 milliseconds; left stray-thread",
            "ends() failed: ends() timed out after 500 milliseconds");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TimedOutElsewhereTestCase {
    @Test
    @Timeout(
        value = 500,
        unit = TimeUnit.MILLISECONDS,
        threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void leaves() throws InterruptedException {
      Plants.thread();
      new CountDownLatch(1).await();
    }

    @Test
    @Timeout(
        value = 500,
        unit = TimeUnit.MILLISECONDS,
        threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void ends() throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  @Test
  void an_interrupt_of_the_test_thread_does_not_disturb_the_check() {
    assertThat(Run.of(InterruptedTestCase.class).outcomes())
        .containsExactly(
            "leavesInterrupted() left stray-thread, stray-interrupt",
            "waitsForStragglerInterrupted() left stray-interrupt",
            "later() passed");
    assertThat(Thread.interrupted()).isFalse();
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class InterruptedTestCase {
    @Test
    @Order(1)
    void leavesInterrupted() {
      Plants.thread();
      Thread.currentThread().interrupt();
    }

    @Test
    @Order(2)
    void waitsForStragglerInterrupted() {
      Thread.interrupted();
      Plants.threadThatEndsDuringTheCheck();
      Thread.currentThread().interrupt();
    }

    @Test
    @Order(3)
    void later() {
      Thread.interrupted();
    }
  }
}
