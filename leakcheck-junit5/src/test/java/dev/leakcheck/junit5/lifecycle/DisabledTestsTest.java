package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * JUnit builds the instance of a test before it asks whether the test is disabled, and never runs
 * what would clean up after it. So what an instance made that no test ran on is nobody's.
 */
@Tier.WithAgent
class DisabledTestsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class ClosesItsPool {
    final ExecutorService pool = Plants.pool();
    final LinkedBlockingQueue<String> inbox = new LinkedBlockingQueue<>();
    final ExecutorService single = Executors.newSingleThreadExecutor();
    final Thread thread = Plants.thread();

    ClosesItsPool() {
      inbox.add("first");
    }

    @AfterEach
    void tearDown() {
      Plants.close(pool);
      Plants.close(single);
      Plants.release();
      inbox.clear();
    }
  }

  @Test
  void nobody_answers_for_the_instance_of_a_disabled_test() {
    assertThat(Run.of(DisabledTestCase.class).outcomes())
        .containsExactly(
            "disabled() skipped",
            "passes() passed",
            "conditional() skipped",
            "alsoPasses() passed",
            "disabledLast() skipped");
  }

  static class DisabledTestCase extends ClosesItsPool {
    @Test
    @Order(1)
    @Disabled("not ready")
    void disabled() {}

    @Test
    @Order(2)
    void passes() {
      System.gc();
    }

    @Test
    @Order(3)
    @EnabledIfSystemProperty(named = "leakcheck.never", matches = "set")
    void conditional() {}

    @Test
    @Order(4)
    void alsoPasses() {}

    @Test
    @Order(5)
    @Disabled("not ready either")
    void disabledLast() {}
  }

  @Test
  void nor_if_there_is_no_other_test() {
    assertThat(Run.of(OnlyDisabledTestCase.class).outcomes())
        .containsExactly("disabled() skipped", "parameterized(int) skipped");
  }

  static class OnlyDisabledTestCase extends ClosesItsPool {
    @Test
    @Order(1)
    @Disabled("not ready")
    void disabled() {}

    @ParameterizedTest
    @Order(2)
    @ValueSource(ints = 1)
    @Disabled("not ready")
    void parameterized(int number) {
      assertThat(number).isPositive();
    }
  }

  @Test
  void nor_for_the_instances_around_it() {
    assertThat(Run.of(OuterTestCase.class).outcomes())
        .containsExactly("InnerTestCase.disabled() skipped", "InnerTestCase.passes() passed");
  }

  static class OuterTestCase extends ClosesItsPool {
    @Nested
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class InnerTestCase {
      final ExecutorService innerPool = Plants.pool();

      @AfterEach
      void tearDownInner() {
        Plants.close(innerPool);
      }

      @Test
      @Order(1)
      @Disabled("not ready")
      void disabled() {}

      @Test
      @Order(2)
      void passes() {}
    }
  }

  @Test
  void a_test_that_ran_answers_for_its_instance() {
    assertThat(Run.of(ForgetsTestCase.class).outcomes())
        .containsExactly(
            "disabled() skipped",
            "leaks() left unclosed-executor",
            "aborts() aborted: Assumption failed: not here; left unclosed-executor",
            "alsoDisabled() skipped");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class ForgetsTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    @Order(1)
    @Disabled("not ready")
    void disabled() {}

    @Test
    @Order(2)
    void leaks() {}

    @Test
    @Order(3)
    void aborts() {
      assumeTrue(false, "not here");
    }

    @Test
    @Order(4)
    @Disabled("not ready")
    void alsoDisabled() {}
  }

  @Test
  void the_class_answers_for_its_initialiser_whichever_instance_ran_it() {
    assertThat(Run.of(StaticPoolTestCase.class).outcomes())
        .containsExactly("disabled() skipped", "StaticPoolTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StaticPoolTestCase {
    static final ExecutorService POOL = Plants.pool();

    @Test
    @Disabled("not ready")
    void disabled() {}
  }
}
