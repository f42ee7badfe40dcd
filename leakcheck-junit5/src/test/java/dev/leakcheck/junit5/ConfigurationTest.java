package dev.leakcheck.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.junit5.lifecycle.Plants;
import dev.leakcheck.junit5.lifecycle.Run;
import dev.leakcheck.model.Coverage;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeakyTestCase {
    @Test
    @Order(1)
    void leaves() {
      Plants.thread();
    }

    @Test
    @Order(2)
    void passes() {}

    @AfterAll
    static void tearDown() {
      Plants.pool();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class CleanTestCase {
    @Test
    void passes() {
      Plants.endedThread();
    }
  }

  // Mode

  @Test
  void the_default_fails_at_the_level_of_methods() {
    assertThat(Run.unconfigured().over(LeakyTestCase.class).outcomes())
        .containsExactly(
            "leaves() left stray-thread",
            "passes() passed",
            "LeakyTestCase left unclosed-executor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"warn", "WARN", " Warn "})
  void warn_publishes_what_leaked_and_fails_nothing(String mode) {
    Run run = Run.configured().with("leakcheck.mode", mode).over(LeakyTestCase.class);
    assertThat(run.outcomes()).containsExactly("leaves() passed", "passes() passed");
    assertThat(run.published())
        .hasSize(2)
        .anyMatch(
            entry ->
                entry.startsWith(
                    "leakcheck: LeakCheck: ConfigurationTest.LeakyTestCase.leaves() left 1 thread"
                        + " behind"))
        .anyMatch(
            entry ->
                entry.startsWith(
                    "leakcheck: LeakCheck: ConfigurationTest.LeakyTestCase left 1 executor behind"));
  }

  @Test
  void warn_publishes_nothing_when_nothing_leaked() {
    Run run = Run.configured().with("leakcheck.mode", "warn").over(CleanTestCase.class);
    assertThat(run.outcomes()).containsExactly("passes() passed");
    assertThat(run.published()).isEmpty();
  }

  @Test
  void off_checks_nothing_and_takes_no_thread_id() {
    Run run = Run.configured().with("leakcheck.mode", "off").over(LeakyTestCase.class);
    assertThat(run.outcomes()).containsExactly("leaves() passed", "passes() passed");
    assertThat(run.published()).isEmpty();

    assertThat(fewestIdsBetweenTests("off")).isEqualTo(1);
    if (Runtime.version().feature() >= 19) { // before that the counter of ids is read as a field
      assertThat(fewestIdsBetweenTests("fail")).isGreaterThan(1);
    }
  }

  /** The JVM itself may take an id now and then, so the fewest of several runs count. */
  private static long fewestIdsBetweenTests(String mode) {
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      assertThat(
              Run.configured()
                  .with("leakcheck.mode", mode)
                  .over(ProbeCountingTestCase.class)
                  .outcomes())
          .containsExactly("first() passed", "second() passed");
      fewest = Math.min(fewest, ProbeCountingTestCase.second - ProbeCountingTestCase.first);
    }
    return fewest;
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class ProbeCountingTestCase {
    static long first;
    static long second;

    @SuppressWarnings("deprecation")
    private static long nextId() {
      return new Thread(() -> {}).getId();
    }

    @Test
    @Order(1)
    void first() {
      first = nextId();
    }

    @Test
    @Order(2)
    void second() {
      second = nextId();
    }
  }

  // Level

  @Test
  void level_class_fails_the_class_and_none_of_its_tests() {
    Run run = Run.configured().with("leakcheck.level", "class").over(LeakyTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "leaves() passed",
            "passes() passed",
            "LeakyTestCase left unclosed-executor, stray-thread");
    assertThat(
            Run.configured().with("leakcheck.level", "class").over(CleanTestCase.class).outcomes())
        .containsExactly("passes() passed");
  }

  @Test
  void level_run_fails_at_the_end_of_the_run() {
    Run run =
        Run.configured()
            .with("leakcheck.level", "run")
            .over(LeakyTestCase.class, CleanTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "LeakyTestCase.leaves() passed",
            "LeakyTestCase.passes() passed",
            "CleanTestCase.passes() passed",
            "engine left unclosed-executor, stray-thread");
    assertThat(run.failure("engine"))
        .hasMessageStartingWith("LeakCheck: this run left 1 executor and 1 thread behind");
    assertThat(Run.configured().with("leakcheck.level", "run").over(CleanTestCase.class).outcomes())
        .containsExactly("passes() passed");
  }

  @Test
  void level_run_lets_one_class_close_what_another_opened() {
    assertThat(
            Run.configured()
                .with("leakcheck.level", "run")
                .over(OpeningTestCase.class, ClosingTestCase.class)
                .outcomes())
        .containsExactly("OpeningTestCase.opens() passed", "ClosingTestCase.closes() passed");
  }

  private static ExecutorService handedOn;

  @ExtendWith(LeakCheckExtension.class)
  static class OpeningTestCase {
    @Test
    void opens() {
      handedOn = Plants.pool();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClosingTestCase {
    @Test
    void closes() {
      Plants.close(handedOn);
    }
  }

  @Test
  void an_annotations_level_goes_before_the_configurations() {
    assertThat(
            Run.configured()
                .with("leakcheck.level", "run")
                .over(ClassLevelTestCase.class)
                .outcomes())
        .containsExactly("leaves() passed", "ClassLevelTestCase left stray-thread");
    assertThat(
            Run.configured()
                .with("leakcheck.level", "class")
                .over(MethodLevelTestCase.class)
                .outcomes())
        .containsExactly("leaves() left stray-thread");
    assertThat(Run.of(RunLevelTestCase.class).outcomes())
        .containsExactly("leaves() passed", "engine left stray-thread");
  }

  @NoLeaks(level = Level.CLASS)
  static class ClassLevelTestCase {
    @Test
    void leaves() {
      Plants.thread();
    }
  }

  @NoLeaks(level = Level.METHOD)
  static class MethodLevelTestCase {
    @Test
    void leaves() {
      Plants.thread();
    }
  }

  @NoLeaks(level = Level.RUN)
  static class RunLevelTestCase {
    @Test
    void leaves() {
      Plants.thread();
    }
  }

  @Test
  void an_inner_classs_level_goes_before_the_outer_ones() {
    assertThat(Run.of(LevelsTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "Same.leaves() passed", "Other.leaves() left stray-thread", "Same left stray-thread");
  }

  @NoLeaks(level = Level.CLASS)
  static class LevelsTestCase {
    @Nested
    class Same {
      @Test
      void leaves() {
        Plants.thread();
      }
    }

    @Nested
    @NoLeaks(level = Level.METHOD)
    class Other {
      @Test
      void leaves() {
        Plants.thread();
      }
    }
  }

  // Settle

  @Test
  void settle_bounds_the_wait() {
    Run run = Run.configured().with("leakcheck.settle", "0ms").over(TimedWaitTestCase.class);
    assertThat(run.outcomes()).containsExactly("leaves() left stray-thread");
    assertThat(run.failure("leaves")).hasMessageContaining("(waited ");
    assertThat(run.seconds()).isLessThan(60);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TimedWaitTestCase {
    @Test
    void leaves() {
      timedWait();
    }
  }

  /** A thread that is never found to stand still for good: only the settle time ends the wait. */
  static void timedWait() {
    Thread thread =
        new Thread(
            () -> {
              try {
                Thread.sleep(600_000);
              } catch (InterruptedException released) {
                // the end
              }
            },
            "sleeper");
    thread.start();
    Plants.atRelease(thread::interrupt);
  }

  @Test
  void an_annotations_settle_goes_before_the_configurations() {
    Run.Setup hour = Run.configured().with("leakcheck.settle", "60m");
    assertThat(hour.over(SettleOnClassTestCase.class).outcomes())
        .containsExactly("leaves() left stray-thread");
    assertThat(hour.over(SettleOnMethodTestCase.class).outcomes())
        .containsExactly("leaves() left stray-thread");
    assertThat(hour.over(SettleAroundTestCase.class).outcomes())
        .containsExactly("Inner.leaves() left stray-thread");
  }

  @NoLeaks(settle = "50ms")
  static class SettleOnClassTestCase {
    @Test
    void leaves() {
      timedWait();
    }
  }

  @NoLeaks(settle = "60m")
  static class SettleOnMethodTestCase {
    @Test
    @NoLeaks(settle = "50 ms")
    void leaves() {
      timedWait();
    }
  }

  @NoLeaks(settle = "0s")
  static class SettleAroundTestCase {
    @Nested
    class Inner {
      @Test
      void leaves() {
        timedWait();
      }
    }
  }

  // Errors

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "leakcheck.settle | soon   | leakcheck.settle is 'soon', but takes a number and a unit (ms, s"
            + " or m), at most an hour, such as 3s or 500ms",
        "leakcheck.settle | -1s    | leakcheck.settle is '-1s', but takes a number and a unit",
        "leakcheck.settle | 3      | leakcheck.settle is '3', but takes a number and a unit",
        "leakcheck.settle | 61m    | leakcheck.settle is '61m', but takes a number and a unit",
        "leakcheck.settle | 99999999999s | leakcheck.settle is '99999999999s', but takes a number",
        "leakcheck.mode   | fial   | leakcheck.mode is 'fial', but takes one of fail, warn, off",
        "leakcheck.level  | test   | leakcheck.level is 'test', but takes one of method, class, run",
      })
  void a_bad_value_fails_the_class_and_names_the_key_and_what_it_takes(
      String key, String value, String message) {
    Run run = Run.unconfigured().with(key, value).over(CleanTestCase.class);
    assertThat(run.outcomes())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("CleanTestCase failed: " + message);
  }

  @Test
  void an_unknown_key_fails_the_class_and_names_it_and_the_known_ones() {
    Run run = Run.unconfigured().with("leakcheck.setle", "3s").over(CleanTestCase.class);
    assertThat(run.outcomes())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("CleanTestCase failed: unknown key 'leakcheck.setle' in ")
        .contains("leakcheck.mode")
        .contains("leakcheck.level")
        .contains("leakcheck.settle");
  }

  @Test
  void an_unknown_system_property_fails_the_class() {
    System.setProperty("leakcheck.mod", "off");
    try {
      assertThat(Run.unconfigured().over(CleanTestCase.class).outcomes())
          .hasSize(1)
          .first()
          .asString()
          .startsWith(
              "CleanTestCase failed: unknown key 'leakcheck.mod' in the system properties; LeakCheck"
                  + " knows ");
    } finally {
      System.clearProperty("leakcheck.mod");
    }
  }

  @Test
  void keys_of_others_are_nobodys_business() {
    assertThat(
            Run.unconfigured()
                .with("leakchecker.mode", "x")
                .with("com.acme.leakcheck.mode", "x")
                .over(CleanTestCase.class)
                .outcomes())
        .containsExactly("passes() passed");
  }

  @Test
  void a_bad_settle_in_an_annotation_fails_and_says_where() {
    assertThat(Run.of(BadSettleOnClassTestCase.class).outcomes())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("BadSettleOnClassTestCase failed: @NoLeaks(settle) on ")
        .contains("BadSettleOnClassTestCase is 'soon', but takes a number and a unit");
    assertThat(Run.of(BadSettleOnMethodTestCase.class).outcomes())
        .hasSize(2)
        .contains("passes() passed")
        .anyMatch(
            outcome ->
                outcome.startsWith("fails() failed: @NoLeaks(settle) on ")
                    && outcome.contains("fails() is '5h', but takes a number and a unit"));
  }

  @NoLeaks(settle = "soon")
  static class BadSettleOnClassTestCase {
    @Test
    void neverRuns() {}
  }

  @NoLeaks
  static class BadSettleOnMethodTestCase {
    @Test
    @NoLeaks(settle = "5h")
    void fails() {}

    @Test
    void passes() {}
  }

  @Test
  void a_level_on_a_method_fails_the_test_and_says_why() {
    assertThat(Run.of(LevelOnMethodTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "fails() failed: @NoLeaks(level = CLASS) on method fails(): a level is for classes; a"
                + " method is always checked by itself",
            "passes() passed");
  }

  @NoLeaks
  static class LevelOnMethodTestCase {
    @Test
    @NoLeaks(level = Level.CLASS)
    void fails() {}

    @Test
    void passes() {}
  }

  @Test
  void a_level_on_a_method_is_an_error_at_every_level_of_its_class() {
    assertThat(
            Run.configured()
                .with("leakcheck.level", "class")
                .over(LevelOnMethodTestCase.class)
                .outcomes())
        .anyMatch(
            outcome -> outcome.startsWith("fails() failed: @NoLeaks(level = CLASS) on method"));
  }

  @Test
  void two_levels_fail_the_class_and_say_why() {
    assertThat(Run.of(TwoLevelsTestCase.class).outcomes())
        .containsExactly(
            "TwoLevelsTestCase failed: @NoLeaks on "
                + TwoLevelsTestCase.class.getName()
                + " has 2 levels: a class has one");
  }

  @NoLeaks(level = {Level.METHOD, Level.CLASS})
  static class TwoLevelsTestCase {
    @Test
    void neverRuns() {}
  }

  @Test
  void an_error_in_one_class_leaves_the_others_checked() {
    assertThat(Run.of(TwoLevelsTestCase.class, LeakyTestCase.class).outcomes())
        .hasSize(4)
        .contains(
            "LeakyTestCase.leaves() left stray-thread",
            "LeakyTestCase.passes() passed",
            "LeakyTestCase left unclosed-executor");
  }

  @Test
  void what_a_static_pool_leaves_at_level_run_fails_the_run() {
    assertThat(
            Run.configured()
                .with("leakcheck.level", "run")
                .over(StaticPoolTestCase.class)
                .outcomes())
        .containsExactly("uses() passed", "engine left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StaticPoolTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.pool();
    }

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }
  }

  @Test
  void a_failure_knows_what_an_old_JDK_cannot_see() {
    LeakAssertionError failure = (LeakAssertionError) Run.of(LeakyTestCase.class).failure("leaves");

    assertThat(failure.findings().coverage().has(Coverage.Limit.JDK_BEFORE_21))
        .isEqualTo(Runtime.version().feature() < 21);
  }
}
