package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A check is not over when its test is: what begins until then may be taken for the test's. */
class BesideChecksTest {

  private static Encounter encounter = new Encounter();

  @BeforeEach
  void newEncounter() {
    encounter = new Encounter();
  }

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  /** One that is checked, and another that begins meanwhile. */
  private static final class Encounter {
    private final CountDownLatch firstRan = new CountDownLatch(1);
    private final CountDownLatch secondBegan = new CountDownLatch(1);
    private volatile Thread checker;

    /** Has the check of what runs now wait until the second has begun. */
    void first() {
      checker = Thread.currentThread();
      Plants.threadUntil(() -> secondBegan.getCount() == 0);
      firstRan.countDown();
    }

    boolean hasFirstRun() {
      return firstRan.getCount() == 0;
    }

    boolean firstIsChecked() {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (!hasFirstRun() || !Plants.isChecking(checker)) {
        if (System.nanoTime() > end) {
          throw new AssertionError("the first was not checked");
        }
        Thread.yield();
      }
      return true;
    }

    /** Leaves the first check with nothing to wait for. */
    void secondBriefly() {
      secondBegan.countDown();
    }

    /** Runs a thread for as long as the first is checked. */
    void second() {
      Thread thread = Plants.threadUntil(() -> !Plants.isChecking(checker));
      secondBegan.countDown();
      Plants.join(thread);
    }
  }

  /** A condition, which is asked before anything else is done for a class. */
  static boolean firstIsChecked() {
    return encounter.firstIsChecked();
  }

  static Stream<Runnable> second() {
    return firstAndSecond().skip(1);
  }

  /** Arguments, the second of which comes when the test with the first is checked. */
  static Stream<Runnable> firstAndSecond() {
    Runnable first = encounter::first;
    Runnable second = encounter::second;
    return Stream.of(first, second).filter(role -> role == first || encounter.firstIsChecked());
  }

  private static final String SECOND = "dev.leakcheck.junit5.lifecycle.BesideChecksTest#second";
  private static final String FIRST_AND_SECOND =
      "dev.leakcheck.junit5.lifecycle.BesideChecksTest#firstAndSecond";
  private static final String FIRST_IS_CHECKED =
      "dev.leakcheck.junit5.lifecycle.BesideChecksTest#firstIsChecked";

  /** Far longer than any machine needs for the second to begin. */
  private static Run run(Class<?>... testCases) {
    return run("30s", testCases);
  }

  /** For those that leave something, which a check waits for until the end. */
  private static Run runLeaky(Class<?> testCase) {
    return run("8s", testCase);
  }

  private static Run run(String settle, Class<?>... testCases) {
    return Run.configured()
        .with("leakcheck.settle", settle)
        .with("junit.jupiter.execution.parallel.enabled", "true")
        .with("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .with("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
        .with("junit.jupiter.extensions.autodetection.enabled", "true")
        .over(testCases);
  }

  @Test
  void a_thread_of_a_test_that_began_meanwhile_is_not_the_checked_ones() {
    assertThat(run(BodyTestCase.class).outcomes())
        .containsExactlyInAnyOrder("test(Runnable)[1] passed", "test(Runnable)[2] passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class BodyTestCase {
    @ParameterizedTest
    @MethodSource(FIRST_AND_SECOND)
    void test(Runnable role) {
      role.run();
    }
  }

  @Test
  void nor_is_one_of_an_instance_that_was_built_meanwhile() {
    assertThat(run(ConstructorTestCase.class).outcomes())
        .containsExactlyInAnyOrder("test(Runnable)[1] passed", "test(Runnable)[2] passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ConstructorTestCase {
    ConstructorTestCase() {
      if (encounter.hasFirstRun()) {
        encounter.second();
      }
    }

    @ParameterizedTest
    @MethodSource(FIRST_AND_SECOND)
    void test(Runnable role) {
      if (!encounter.hasFirstRun()) {
        role.run();
      }
    }
  }

  @Test
  @Tier.WithoutAgent
  void what_the_check_was_given_up_for_is_still_found_by_the_next() {
    Run run = runLeaky(LeakyTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "test(Runnable)[1] passed",
            "test(Runnable)[2] passed",
            "LeakyTestCase left stray-thread");
    assertThat(run.leaks("LeakyTestCase").get(0).threads())
        .singleElement()
        .satisfies(thread -> assertThat(thread.name()).isEqualTo("planted"));
    assertThat(run.failure("LeakyTestCase"))
        .hasMessageContaining("1 test ran at the same time as others")
        .hasMessageContaining("the check moved to the end of the class");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class LeakyTestCase {
    @ParameterizedTest
    @MethodSource(FIRST_AND_SECOND)
    void test(Runnable role) {
      if (!encounter.hasFirstRun()) {
        Plants.thread();
      }
      role.run();
    }
  }

  @Test
  @Tier.WithAgent
  void with_an_agent_no_check_is_given_up() {
    assertThat(runLeaky(LeakyFirstTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "test(Runnable)[1] left stray-thread", "test(Runnable)[2] passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class LeakyFirstTestCase {
    @ParameterizedTest
    @MethodSource(FIRST_AND_SECOND)
    void test(Runnable role) {
      if (encounter.hasFirstRun()) {
        encounter.secondBriefly();
      } else {
        Plants.thread();
        role.run();
      }
    }
  }

  @Test
  void what_begins_meanwhile_answers_for_its_own_leaks() {
    assertThat(runLeaky(LeakySecondTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "test(Runnable)[1] passed", "test(Runnable)[2] left stray-thread");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class LeakySecondTestCase {
    @ParameterizedTest
    @MethodSource(FIRST_AND_SECOND)
    void test(Runnable role) {
      boolean second = encounter.hasFirstRun();
      role.run();
      if (second) {
        Plants.thread();
      }
    }
  }

  @Test
  void a_thread_of_a_class_that_began_meanwhile_is_not_the_checked_ones() {
    assertThat(run(FirstClassTestCase.class, SecondClassTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "FirstClassTestCase.passes() passed", "SecondClassTestCase.second() passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class FirstClassTestCase {
    @Test
    void passes() {}

    @AfterAll
    static void first() {
      encounter.first();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @EnabledIf(FIRST_IS_CHECKED)
  static class SecondClassTestCase {
    @Test
    void second() {
      encounter.second();
    }
  }

  @Test
  void a_thread_of_an_outer_class_is_not_the_inner_ones_that_is_checked_meanwhile() {
    assertThat(run(OuterTestCase.class).outcomes())
        .containsExactlyInAnyOrder("Inner.passes() passed", "test(Runnable)[1] passed");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class OuterTestCase {
    @ParameterizedTest
    @MethodSource(SECOND)
    void test(Runnable role) {
      role.run();
    }

    @Nested
    class Inner {
      @Test
      void passes() {}

      @AfterAll
      static void first() {
        encounter.first();
      }
    }
  }
}
