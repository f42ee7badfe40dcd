package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheckSettings.Level;
import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.NoLeaks;
import dev.leakcheck.model.LeakKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code @NoLeaks(repeat = …)}: a test method is called again and again. */
class RepeatTest {

  private static final List<String> CALLS = new ArrayList<>();

  @AfterEach
  void releasePlants() {
    Plants.release();
    CALLS.clear();
  }

  private static long calls(String name) {
    return CALLS.stream().filter(name::equals).count();
  }

  @Test
  void what_grows_fails_the_test_and_is_not_told_again_as_a_leak() {
    Run run = Run.of(GrowingTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            // what the two calls that warm up leave is no growth, but a leak
            "leavesAThreadEachTime() left growth; left stray-thread",
            "fillsAQueueOfItsField() left growth",
            "leavesAThreadOnce() left stray-thread",
            "leavesNothing() passed");
    assertThat(run.failure("leavesAThreadEachTime"))
        .hasMessageContaining(
            "RepeatTest.GrowingTestCase.leavesAThreadEachTime() leaves more behind with its"
                + " repetitions")
        .hasMessageContaining("+1.0 thread per repetition, 6 after 6 repetitions");
    assertThat(calls("each")).isEqualTo(2 + 6);
    assertThat(calls("nothing")).isEqualTo(2 + 6);
  }

  @NoLeaks
  static class GrowingTestCase {
    private final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();

    @Test
    @NoLeaks(repeat = 6)
    void leavesAThreadEachTime() {
      CALLS.add("each");
      Plants.thread("session");
    }

    @Test
    @NoLeaks(repeat = 6)
    void fillsAQueueOfItsField() {
      inbox.add("order");
    }

    @Test
    @NoLeaks(repeat = 6)
    void leavesAThreadOnce() {
      CALLS.add("once");
      if (calls("once") == 4) {
        Plants.thread("once");
      }
    }

    @Test
    @NoLeaks(repeat = 6)
    void leavesNothing() {
      CALLS.add("nothing");
      Plants.endedThread();
      Plants.close(Executors.newFixedThreadPool(1));
    }
  }

  @Test
  void what_goes_wrong_in_repetitions_and_is_no_growth_is_told_once_by_the_test() {
    assertThat(Run.of(OtherTroubleTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "threadDiesEachTime() left uncaught-exception",
            "leavesItsThreadInterrupted() left stray-interrupt",
            "leavesALockHeld() left held-lock");
  }

  @NoLeaks
  static class OtherTroubleTestCase {
    private final ReentrantLock lock = new ReentrantLock();

    @Test
    @NoLeaks(repeat = 6)
    void threadDiesEachTime() throws InterruptedException {
      Thread thread = new Thread(OtherTroubleTestCase::fail, "dies");
      thread.start();
      thread.join();
    }

    private static void fail() {
      throw new IllegalStateException("planted");
    }

    @Test
    @NoLeaks(repeat = 6)
    void leavesItsThreadInterrupted() {
      Thread.currentThread().interrupt();
    }

    @Test
    @NoLeaks(repeat = 6)
    void leavesALockHeld() {
      lock.lock();
    }
  }

  @Test
  void the_method_alone_is_repeated_on_one_instance_with_the_same_arguments() {
    Run run = Run.of(AroundTestCase.class);
    assertThat(run.outcomes()).hasSize(6).allMatch(outcome -> outcome.endsWith(" passed"));
    assertThat(calls("before")).isEqualTo(6);
    assertThat(calls("after")).isEqualTo(6);
    assertThat(calls("template 1")).isEqualTo(7);
    assertThat(calls("template 2")).isEqualTo(7);
    assertThat(calls("repeated")).isEqualTo(2 * 7);
    assertThat(calls("private instance")).isEqualTo(7);
    assertThat(calls("once")).isEqualTo(1);
  }

  @NoLeaks(repeat = 5)
  static class AroundTestCase {
    private int calls;

    @BeforeEach
    void before() {
      CALLS.add("before");
    }

    @AfterEach
    void after() {
      CALLS.add("after");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void template(int number) {
      CALLS.add("template " + number);
    }

    @RepeatedTest(2)
    void repeated() {
      CALLS.add("repeated");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void onOneInstance(TestInfo info) {
      calls++;
      assertThat(CALLS.stream().filter("private instance"::equals).count() + 1).isEqualTo(calls);
      CALLS.add("private instance");
    }

    @Test
    @NoLeaks(repeat = 1)
    void onceThoughTheClassSaysOtherwise() {
      CALLS.add("once");
    }
  }

  @Test
  void a_failure_says_in_which_call_it_was_and_ends_the_test() {
    Run run = Run.of(FailingTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "failsInTheFourthCall() failed: no",
            "abortsInTheFourthCall() aborted: Assumption failed: no");
    assertThat(run.failure("failsInTheFourthCall").getSuppressed())
        .extracting(Throwable::getMessage)
        .containsExactly("in call 4 of 7, of which 2 warm up");
    assertThat(calls("fails")).isEqualTo(4);
  }

  @NoLeaks(repeat = 5)
  static class FailingTestCase {
    @Test
    void failsInTheFourthCall() {
      CALLS.add("fails");
      if (calls("fails") == 4) {
        throw new IllegalStateException("no");
      }
    }

    @Test
    void abortsInTheFourthCall() {
      CALLS.add("aborts");
      assumeTrue(calls("aborts") < 4, "no");
    }
  }

  @Test
  void growth_can_be_allowed_and_the_allowance_is_not_mentioned_as_unused() {
    Run run = Run.of(AllowingTestCase.class);
    assertThat(run.outcomes()).containsExactly("grows() passed");
    assertThat(run.published()).isEmpty();
  }

  @NoLeaks
  static class AllowingTestCase {
    @Test
    @NoLeaks(repeat = 5)
    @AllowLeaks(
        kind = {LeakKind.GROWTH, LeakKind.STRAY_THREAD},
        thread = "session",
        reason = "dropped after an hour")
    void grows() {
      Plants.thread("session");
    }
  }

  @Test
  void growth_is_a_warning_in_mode_warn_and_nothing_is_repeated_in_mode_off() {
    Run warned =
        Run.configured()
            .with("leakcheck.mode", "warn")
            .over(GrowingTestCase.class, "leavesAThreadEachTime");
    assertThat(warned.outcomes()).containsExactly("leavesAThreadEachTime() passed");
    assertThat(warned.published().toString()).contains("+1.0 thread per repetition");
    Plants.release();
    CALLS.clear();

    Run.configured()
        .with("leakcheck.mode", "off")
        .over(GrowingTestCase.class, "leavesAThreadEachTime");
    assertThat(calls("each")).isEqualTo(1);
  }

  @Test
  void objects_that_the_class_shares_are_no_excuse() {
    assertThat(Run.of(PerClassTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "grows() left growth", "fillsUp() passed", "PerClassTestCase left unclosed-executor");
  }

  @NoLeaks
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCase {
    private final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();
    private final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(50));

    @Test
    @NoLeaks(repeat = 5)
    void grows() {
      inbox.add("order");
    }

    @Test
    @NoLeaks(repeat = 5)
    void fillsUp() {
      Plants.anotherWorker(pool);
    }
  }

  @Test
  void nonsense_is_refused_with_what_is_taken() {
    assertThat(Run.of(NonsenseTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "negative() failed: @NoLeaks(repeat = -3) on negative(): repetitions must be between 5 and 100000, but is -3: with fewer than 5, growth cannot be told from what happens once",
            "tooFew() failed: @NoLeaks(repeat = 2) on tooFew(): repetitions must be between 5 and 100000, but is 2: with fewer than 5, growth cannot be told from what happens once",
            "factory() failed: @NoLeaks(repeat = 5) on factory(): a test factory is not repeated; call LeakCheck.assertNoGrowth in its tests");
    assertThat(Run.of(WholeClassTestCase.class).outcomes())
        .containsExactly(
            "grows() failed: @NoLeaks(repeat = 5) for grows() needs level METHOD, but the level is CLASS: what repetitions leave is judged with the test");
  }

  @NoLeaks
  static class NonsenseTestCase {
    @Test
    @NoLeaks(repeat = -3)
    void negative() {}

    @Test
    @NoLeaks(repeat = 2)
    void tooFew() {}

    @TestFactory
    @NoLeaks(repeat = 5)
    Stream<DynamicTest> factory() {
      return Stream.of();
    }
  }

  @NoLeaks(level = Level.CLASS, repeat = 5)
  static class WholeClassTestCase {
    @Test
    void grows() {}
  }

  @Test
  void a_failure_that_is_growth_is_the_extensions_own_error() {
    assertThat(Run.of(GrowingTestCase.class).failure("fillsAQueueOfItsField"))
        .isInstanceOf(LeakAssertionError.class);
  }

  @Test
  void a_test_is_repeated_once_however_often_the_extension_is_registered() {
    Run run =
        Run.configured()
            .with("junit.jupiter.extensions.autodetection.enabled", "true")
            .over(RegisteredTwiceTestCase.class);
    assertThat(run.outcomes()).containsExactly("isRepeated() passed");
    assertThat(calls("repeated once")).isEqualTo(7);
  }

  @NoLeaks(repeat = 5)
  static class RegisteredTwiceTestCase {
    @RegisterExtension static final LeakCheckExtension ONE_MORE = new LeakCheckExtension();
    @RegisterExtension final LeakCheckExtension andOneMore = new LeakCheckExtension();

    @Test
    void isRepeated() {
      CALLS.add("repeated once");
    }
  }

  @Test
  @Tier.WithoutAgent
  void beside_other_tests_growth_is_not_judged_without_an_agent_and_that_is_said() {
    Run run = ParallelTest.concurrentAndDetected().over(ConcurrentTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "grows() passed",
            "other() passed",
            "ConcurrentTestCase left stray-thread, stray-thread");
    assertThat(run.published().toString()).contains("growth was not judged");
  }

  @Test
  @Tier.WithAgent
  void beside_other_tests_growth_is_judged_with_an_agent() {
    Run run = ParallelTest.concurrentAndDetected().over(ConcurrentTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "grows() left growth; left stray-thread", "other() left stray-thread");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ConcurrentTestCase {
    private static final ParallelTest.Meeting MEETING = new ParallelTest.Meeting();

    @Test
    @NoLeaks(repeat = 5)
    void grows() {
      MEETING.meet();
      Plants.thread("session");
      MEETING.meet();
    }

    @Test
    void other() {
      for (int i = 0; i < 7; i++) {
        MEETING.meet();
        Plants.thread("other");
        MEETING.meet();
      }
    }
  }
}
