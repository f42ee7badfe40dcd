package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

class ClassFixturesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void what_BeforeAll_leaves_fails_the_class_and_none_of_its_tests() {
    assertThat(Run.of(UnclosedBeforeAllTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "uses() passed",
            "ignores() passed",
            "UnclosedBeforeAllTestCase left unclosed-executor");
    assertThat(Run.of(ThreadInBeforeAllTestCase.class).outcomes())
        .containsExactlyInAnyOrder("uses() passed", "ThreadInBeforeAllTestCase left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UnclosedBeforeAllTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.pool();
    }

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }

    @Test
    void ignores() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ThreadInBeforeAllTestCase {
    @BeforeAll
    static void setUp() {
      Plants.thread();
    }

    @Test
    void uses() {}
  }

  @Test
  void what_BeforeAll_made_may_be_closed_in_AfterAll() {
    assertThat(Run.of(ClosedInAfterAllTestCase.class).outcomes())
        .containsExactlyInAnyOrder("uses() passed", "leavesItsOwn() left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosedInAfterAllTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.pool();
    }

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }

    @Test
    void leavesItsOwn() {
      Plants.pool();
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  @Test
  void what_AfterAll_leaves_fails_the_class() {
    assertThat(Run.of(LeakInAfterAllTestCase.class).outcomes())
        .containsExactlyInAnyOrder("passes() passed", "LeakInAfterAllTestCase left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LeakInAfterAllTestCase {
    @Test
    void passes() {}

    @AfterAll
    static void tearDown() {
      Plants.thread();
    }
  }

  @Test
  void what_a_per_class_instance_leaves_fails_the_class_and_none_of_its_tests() {
    assertThat(Run.of(UnclosedPerClassTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "uses() passed", "ignores() passed", "UnclosedPerClassTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class UnclosedPerClassTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }

    @Test
    void ignores() {}
  }

  @Test
  void what_a_per_class_instance_holds_may_be_closed_in_AfterAll() {
    assertThat(Run.of(ClosedPerClassTestCase.class).outcomes())
        .containsExactlyInAnyOrder("uses() passed", "leavesItsOwn() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class ClosedPerClassTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }

    @Test
    void leavesItsOwn() {
      Plants.thread();
    }

    @AfterAll
    void tearDown() {
      pool.shutdown();
    }
  }

  @Test
  void an_executor_without_threads_in_a_static_field_fails_the_class() {
    assertThat(Run.of(ThreadlessStaticTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "passes() passed", "ThreadlessStaticTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ThreadlessStaticTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.kept(Executors.newFixedThreadPool(2));
    }

    @Test
    void passes() {}
  }

  @Test
  void a_static_pool_that_a_test_makes_and_AfterAll_closes_passes() {
    assertThat(Run.of(LazyStaticClosedTestCase.class).outcomes())
        .containsExactlyInAnyOrder("first() passed", "second() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LazyStaticClosedTestCase {
    static ExecutorService pool;

    static synchronized ExecutorService pool() {
      if (pool == null) {
        pool = Plants.pool();
      }
      return pool;
    }

    @Test
    void first() {
      Plants.anotherWorker(pool());
    }

    @Test
    void second() {
      Plants.anotherWorker(pool());
    }

    @AfterAll
    static void tearDown() {
      pool.shutdown();
    }
  }

  @Test
  void a_static_pool_that_a_test_makes_and_nobody_closes_fails_the_class() {
    assertThat(Run.of(LazyStaticForgottenTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "first() passed",
            "second() passed",
            "LazyStaticForgottenTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LazyStaticForgottenTestCase {
    static ExecutorService pool;

    static synchronized ExecutorService pool() {
      if (pool == null) {
        pool = Plants.pool();
      }
      return pool;
    }

    @Test
    void first() {
      Plants.anotherWorker(pool());
    }

    @Test
    void second() {
      Plants.anotherWorker(pool());
    }
  }

  @Test
  void a_failing_BeforeAll_keeps_its_failure_and_carries_what_it_left() {
    assertThat(Run.of(FailingBeforeAllTestCase.class).outcomes())
        .containsExactly("FailingBeforeAllTestCase failed: no set-up; left stray-thread");
    assertThat(Run.of(CleanFailingBeforeAllTestCase.class).outcomes())
        .containsExactly("CleanFailingBeforeAllTestCase failed: no set-up");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FailingBeforeAllTestCase {
    @BeforeAll
    static void setUp() {
      Plants.thread();
      throw new IllegalStateException("no set-up");
    }

    @Test
    void neverRuns() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class CleanFailingBeforeAllTestCase {
    @BeforeAll
    static void setUp() {
      throw new IllegalStateException("no set-up");
    }

    @Test
    void neverRuns() {}
  }

  @Test
  void a_failure_of_a_class_names_the_class() {
    Run run = Run.of(UnclosedBeforeAllTestCase.class);
    assertThat(run.failure("UnclosedBeforeAllTestCase"))
        .hasMessageStartingWith(
            "LeakCheck: ClassFixturesTest.UnclosedBeforeAllTestCase left 1 executor behind");
    assertThat(run.failure("UnclosedBeforeAllTestCase"))
        .hasMessageContaining("static field UnclosedBeforeAllTestCase.pool");
  }
}
