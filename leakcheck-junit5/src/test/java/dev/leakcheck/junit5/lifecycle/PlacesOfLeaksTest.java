package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

class PlacesOfLeaksTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_leak_in_the_body_fails_the_test() {
    assertThat(Run.of(BodyTestCase.class).outcomes())
        .containsExactlyInAnyOrderElementsOf(BodyTestCase.OUTCOMES);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class BodyTestCase {
    static final List<String> OUTCOMES =
        List.of(
            "leavesThread() left stray-thread",
            "leavesPool() left unclosed-executor",
            "endsThread() passed",
            "closesPool() passed",
            "doesNothing() passed");

    @Test
    void leavesThread() {
      Plants.thread();
    }

    @Test
    void leavesPool() {
      Plants.pool();
    }

    @Test
    void endsThread() {
      Plants.endedThread();
    }

    @Test
    void closesPool() {
      Plants.close(Plants.pool());
    }

    @Test
    void doesNothing() {}
  }

  @Test
  void a_virtual_thread_left_in_the_body_fails_the_test() {
    assumeTrue(Jvm.HAS_VIRTUAL_THREADS);
    assertThat(Run.of(VirtualThreadTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leavesVirtualThread() left stray-virtual-thread", "endsVirtualThread() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class VirtualThreadTestCase {
    @Test
    void leavesVirtualThread() {
      Plants.virtualThread();
    }

    @Test
    void endsVirtualThread() {
      Plants.endedVirtualThread();
    }
  }

  @Test
  void a_leak_in_BeforeEach_fails_the_test() {
    assertThat(Run.of(BeforeEachTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left stray-thread", "ends() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class BeforeEachTestCase {
    @BeforeEach
    void setUp(TestInfo test) {
      if (test.getDisplayName().startsWith("leaves")) {
        Plants.thread();
      } else {
        Plants.endedThread();
      }
    }

    @Test
    void leaves() {}

    @Test
    void ends() {}
  }

  @Test
  void a_leak_in_AfterEach_fails_the_test() {
    assertThat(Run.of(AfterEachTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left stray-thread", "ends() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AfterEachTestCase {
    @Test
    void leaves() {}

    @Test
    void ends() {}

    @AfterEach
    void tearDown(TestInfo test) {
      if (test.getDisplayName().startsWith("leaves")) {
        Plants.thread();
      } else {
        Plants.endedThread();
      }
    }
  }

  @Test
  void what_BeforeEach_made_may_be_closed_in_AfterEach() {
    assertThat(Run.of(ClosedInAfterEachTestCase.class).outcomes())
        .containsExactlyInAnyOrder("forgets() left unclosed-executor", "closes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosedInAfterEachTestCase {
    ExecutorService pool;

    @BeforeEach
    void setUp() {
      pool = Plants.pool();
    }

    @Test
    void forgets() {}

    @Test
    void closes() {}

    @AfterEach
    void tearDown(TestInfo test) {
      if (test.getDisplayName().startsWith("closes")) {
        pool.shutdown();
      }
    }
  }

  @Test
  void a_leak_in_a_field_initialiser_fails_the_test() {
    assertThat(Run.of(FieldInitialiserTestCase.class).outcomes())
        .containsExactlyInAnyOrder("forgets() left unclosed-executor", "closes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FieldInitialiserTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    void forgets() {}

    @Test
    void closes() {}

    @AfterEach
    void tearDown(TestInfo test) {
      if (test.getDisplayName().startsWith("closes")) {
        pool.shutdown();
      }
    }
  }

  @Test
  void an_executor_without_threads_in_a_field_fails_the_test() {
    assertThat(Run.of(ThreadlessExecutorTestCase.class).outcomes())
        .containsExactlyInAnyOrder("forgets() left unclosed-executor", "closes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ThreadlessExecutorTestCase {
    final ExecutorService pool = Plants.kept(java.util.concurrent.Executors.newFixedThreadPool(2));

    @Test
    void forgets() {}

    @Test
    void closes() {
      pool.shutdown();
    }
  }

  @Test
  void a_leak_in_the_constructor_fails_the_test() {
    assertThat(Run.of(ConstructorTestCase.class).outcomes())
        .containsExactlyInAnyOrder("forgets() left unclosed-executor", "closes() passed");
    assertThat(Run.of(ThreadInConstructorTestCase.class).outcomes())
        .containsExactly("doesNothing() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ConstructorTestCase {
    final ExecutorService pool;

    ConstructorTestCase() {
      Plants.endedThread();
      pool = Plants.pool();
    }

    @Test
    void forgets() {}

    @Test
    void closes() {}

    @AfterEach
    void tearDown(TestInfo test) {
      if (test.getDisplayName().startsWith("closes")) {
        pool.shutdown();
      }
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ThreadInConstructorTestCase {
    ThreadInConstructorTestCase() {
      Plants.thread();
    }

    @Test
    void doesNothing() {}
  }

  @Test
  void a_failure_names_the_test_that_leaked() {
    Run run = Run.of(BodyTestCase.class);
    assertThat(run.failure("leavesPool"))
        .hasMessageStartingWith(
            "LeakCheck: PlacesOfLeaksTest.BodyTestCase.leavesPool() left 1 executor behind");
    assertThat(run.failure("leavesPool").getStackTrace()[0])
        .asString()
        .matches(
            Pattern.quote(BodyTestCase.class.getName() + ".leavesPool(PlacesOfLeaksTest.java:")
                + "\\d+\\)");
  }
}
