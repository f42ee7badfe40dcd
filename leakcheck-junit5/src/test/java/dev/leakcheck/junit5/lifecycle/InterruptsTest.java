package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakCheck;
import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.LeakKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that leave their own thread interrupted. */
class InterruptsTest {

  /** The flag as the code that runs after LeakCheck's check finds it. */
  private static final List<Boolean> SEEN = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  private static void interrupt() {
    Thread.currentThread().interrupt();
  }

  @Test
  void a_test_answers_for_the_flag_that_it_leaves_set_and_no_other_test_does() {
    Run run = Run.of(LeavingTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "first() left stray-interrupt", "second() passed", "third() left stray-interrupt");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class LeavingTestCase {
    @Test
    @Order(1)
    void first() {
      interrupt();
    }

    @Test
    @Order(2)
    void second() throws InterruptedException {
      Thread.sleep(1); // fails if the flag is set
    }

    @Test
    @Order(3)
    void third() {
      interrupt();
    }
  }

  @Test
  void the_flag_is_cleared_once_it_was_told() {
    Run run = Run.of(ObservedTestCase.class);
    assertThat(run.outcomes()).containsExactly("leaves() left stray-interrupt");
    assertThat(SEEN).containsExactly(false);
  }

  @ExtendWith(Observer.class)
  @ExtendWith(LeakCheckExtension.class)
  static class ObservedTestCase {
    @Test
    void leaves() {
      interrupt();
    }
  }

  /** Looks when the test has been judged. */
  static final class Observer implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
      SEEN.add(Thread.currentThread().isInterrupted());
    }
  }

  @Test
  void what_the_test_clears_passes() {
    assertThat(Run.of(ClearingTestCase.class).outcomes()).containsExactly("interrupts() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ClearingTestCase {
    @Test
    void interrupts() {
      interrupt();
    }

    @AfterEach
    void clear() {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void a_failed_test_keeps_its_reason() {
    assertThat(Run.of(FailingTestCase.class).outcomes())
        .containsExactly("fails() failed: no; left stray-interrupt");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FailingTestCase {
    @Test
    void fails() {
      interrupt();
      throw new IllegalStateException("no");
    }
  }

  @Test
  void the_interrupt_of_a_timeout_is_nobodys() {
    List<String> outcomes = Run.of(TimedOutTestCase.class).outcomes();
    assertThat(outcomes).hasSize(3);
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.startsWith("passes()"))
        .allMatch(outcome -> outcome.contains("failed: "))
        .noneMatch(outcome -> outcome.contains("stray-interrupt"));
    assertThat(outcomes).contains("passes() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TimedOutTestCase {
    @Test
    @Timeout(value = 10, unit = TimeUnit.MILLISECONDS)
    void restoresTheFlag() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupt();
      }
    }

    @Test
    void isPreempted() {
      Assertions.assertTimeoutPreemptively(
          java.time.Duration.ofMillis(10), () -> new CountDownLatch(1).await());
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void passes() {
      interrupt(); // the thread ends with its flag
    }
  }

  @Test
  void what_the_fixture_leaves_is_the_classs() {
    Run run = Run.of(FixtureTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "first() passed", "second() passed", "FixtureTestCase left stray-interrupt");
    assertThat(run.failure("FixtureTestCase"))
        .hasMessageContaining(
            "flag       the first test got it; the test runner cleared it after that")
        .hasMessageContaining("it was when a test began, not before");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    @BeforeAll
    static void setUp() {
      interrupt();
    }

    @Test
    void first() {}

    @Test
    void second() {}
  }

  @Test
  void so_is_what_it_leaves_at_the_end() {
    assertThat(Run.of(TearDownTestCase.class, LeavingTestCase.class).outcomes())
        .containsExactly(
            "TearDownTestCase.passes() passed",
            "TearDownTestCase left stray-interrupt",
            "LeavingTestCase.first() left stray-interrupt",
            "LeavingTestCase.second() passed",
            "LeavingTestCase.third() left stray-interrupt");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class TearDownTestCase {
    @Test
    void passes() {}

    @AfterAll
    static void tearDown() {
      interrupt();
    }
  }

  @Test
  void the_fixture_of_an_outer_class_is_told_once() {
    assertThat(Run.of(OuterTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "InnerTestCase.passes() passed", "OuterTestCase left stray-interrupt");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OuterTestCase {
    @BeforeAll
    static void setUp() {
      interrupt();
    }

    @Nested
    class InnerTestCase {
      @Test
      void passes() {}
    }
  }

  @Test
  void a_scope_inside_the_test_tells_of_it_first() {
    Run run = Run.of(ScopeInTestCase.class);
    assertThat(run.outcomes()).containsExactly("leaves() left stray-interrupt");
    assertThat(run.failure("leaves")).hasNoSuppressedExceptions();
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ScopeInTestCase {
    @Test
    void leaves() {
      LeakCheck.assertNoLeaks(InterruptsTest::interrupt);
    }
  }

  @Test
  void tests_that_run_at_the_same_time_answer_each_for_their_own() {
    assertThat(ParallelTest.concurrentAndDetected().over(ConcurrentTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left stray-interrupt", "passes() passed");
  }

  @org.junit.jupiter.api.parallel.Execution(org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT)
  static class ConcurrentTestCase {
    private static final ParallelTest.Meeting MEETING = new ParallelTest.Meeting();

    @Test
    void leaves() {
      MEETING.meet();
      interrupt();
    }

    @Test
    void passes() {
      MEETING.meet();
    }
  }

  @Test
  void it_can_be_allowed() {
    assertThat(Run.of(AllowedTestCase.class).outcomes()).containsExactly("leaves() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AllowedTestCase {
    @Test
    @AllowLeaks(kind = LeakKind.STRAY_INTERRUPT, reason = "known of")
    void leaves() {
      interrupt();
    }
  }

  @Test
  void the_message_says_that_the_flag_was_cleared() {
    assertThat(Run.of(ObservedTestCase.class).failure("leaves"))
        .hasMessageContaining(
            "     flag       cleared after this check, so that the next test does not get it\n");
  }
}
