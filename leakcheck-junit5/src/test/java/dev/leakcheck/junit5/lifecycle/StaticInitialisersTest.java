package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * A test class is initialised when it would be without LeakCheck, and what its initialiser makes is
 * the class's, whenever that is. Each test case is run once, as a class is initialised once.
 */
class StaticInitialisersTest {

  static final Queue<String> INITIALISED = new ConcurrentLinkedQueue<>();

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static void assertThatTheClassIsTold(Class<?> testCase, String kind) {
    assertThat(Run.of(testCase).outcomes())
        .containsExactly(
            "first() passed", "second() passed", testCase.getSimpleName() + " left " + kind);
  }

  private static void assertThatNothingIsTold(Class<?> testCase) {
    assertThat(Run.of(testCase).outcomes()).containsExactly("first() passed", "second() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  abstract static class TwoTests {
    @Test
    @Order(1)
    void first() {}

    @Test
    @Order(2)
    void second() {}
  }

  // When

  @Test
  void an_initialiser_sees_what_another_extension_prepares() {
    assertThat(Run.of(ReadsPropertyTestCase.class).outcomes()).containsExactly("reads() passed");
    assertThat(
            Run.configured()
                .with("junit.jupiter.extensions.autodetection.enabled", "true")
                .over(ReadsPropertyOfLaterExtensionTestCase.class)
                .outcomes())
        .containsExactly("reads() passed");
  }

  static final class SetsProperty implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      System.setProperty("leakcheck.test.url", "http://localhost:1");
    }
  }

  @ExtendWith({LeakCheckExtension.class, SetsProperty.class})
  static class ReadsPropertyTestCase {
    static final String URL = System.getProperty("leakcheck.test.url");
    static final Object READABLE = new Object();

    @Test
    void reads() {
      assertThat(URL).isEqualTo("http://localhost:1");
      assertThat(READABLE).isNotNull();
    }

    @AfterAll
    static void tearDown() {
      System.clearProperty("leakcheck.test.url");
    }
  }

  abstract static class ReadsPropertyInSuperclass {
    static final Object BASE = System.getProperty("leakcheck.test.url");
  }

  @ExtendWith(SetsProperty.class)
  static class ReadsPropertyOfLaterExtensionTestCase extends ReadsPropertyInSuperclass {
    static final Object URL = System.getProperty("leakcheck.test.url");

    @Test
    void reads() {
      assertThat(BASE).isEqualTo("http://localhost:1");
      assertThat(URL).isEqualTo("http://localhost:1");
    }

    @AfterAll
    static void tearDown() {
      System.clearProperty("leakcheck.test.url");
    }
  }

  static Object initialised(String type) {
    INITIALISED.add(type);
    return type;
  }

  @Test
  void what_runs_no_code_is_never_initialised() {
    assertThat(Run.of(AbortedTestCase.class).outcomes())
        .containsExactly("AbortedTestCase aborted: nothing to test");
    assertThat(
            Run.configured()
                .with("leakcheck.level", "run")
                .over(AbortedInRunTestCase.class)
                .outcomes())
        .containsExactly("AbortedInRunTestCase aborted: nothing to test");
    assertThat(Run.of(UsesNoConstantTestCase.class).outcomes()).containsExactly("uses() passed");
    assertThat(INITIALISED).isEmpty();
  }

  static final class Aborts implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      Plants.endedThread();
      throw new TestAbortedException("nothing to test");
    }
  }

  @ExtendWith({LeakCheckExtension.class, Aborts.class})
  static class AbortedTestCase {
    static final Object VALUE = initialised("AbortedTestCase");

    @Test
    void neverRuns() {}
  }

  @ExtendWith({LeakCheckExtension.class, Aborts.class})
  static class AbortedInRunTestCase {
    static final Object VALUE = initialised("AbortedInRunTestCase");

    @Test
    void neverRuns() {}
  }

  interface Constants {
    Object VALUE = initialised("Constants");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UsesNoConstantTestCase implements Constants {
    @Test
    void uses() {
      Plants.endedThread();
    }
  }

  // Pools

  @Test
  void the_class_answers_for_a_pool_of_its_initialiser() {
    assertThatTheClassIsTold(PoolTestCase.class, "unclosed-executor");
    assertThatTheClassIsTold(WorkingPoolTestCase.class, "unclosed-executor");
    assertThatTheClassIsTold(SingleThreadPoolTestCase.class, "unclosed-executor");
    assertThatTheClassIsTold(PoolElsewhereTestCase.class, "unclosed-executor");
    assertThatNothingIsTold(ClosedPoolTestCase.class);
  }

  static class PoolTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(2));

    @Override
    @Test
    @Order(1)
    void first() {
      Plants.anotherWorker(POOL);
    }
  }

  static class WorkingPoolTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.pool();
  }

  static class SingleThreadPoolTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.working(Executors.newSingleThreadExecutor());
  }

  static final class Elsewhere {
    static ExecutorService pool;
  }

  static class PoolElsewhereTestCase extends TwoTests {
    static {
      Elsewhere.pool = Plants.pool();
    }
  }

  static class ClosedPoolTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(2));

    @Override
    @Test
    @Order(1)
    void first() {
      Plants.anotherWorker(POOL);
    }

    @AfterAll
    static void tearDown() {
      POOL.shutdown();
    }
  }

  @Test
  void the_class_answers_for_a_pool_of_BeforeAll_though_that_initialised_it() {
    assertThatTheClassIsTold(PoolOfBeforeAllTestCase.class, "unclosed-executor");
    assertThatTheClassIsTold(PoolBesideBeforeAllTestCase.class, "unclosed-executor");
  }

  static class PoolOfBeforeAllTestCase extends TwoTests {
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Plants.pool();
    }
  }

  static class PoolBesideBeforeAllTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.pool();

    @BeforeAll
    static void setUp() {}
  }

  @Test
  void a_test_answers_for_what_it_makes_beside_the_initialiser() {
    assertThat(Run.of(MakesOwnTestCase.class).outcomes())
        .containsExactly(
            "first() left unclosed-executor",
            "second() left stray-thread",
            "MakesOwnTestCase left unclosed-executor");
    assertThat(Run.of(MakesOwnSingleThreadTestCase.class).outcomes())
        .containsExactly(
            "first() left unclosed-executor",
            "second() left unclosed-executor",
            "MakesOwnSingleThreadTestCase left unclosed-executor");
  }

  static class MakesOwnTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.pool();
    ExecutorService own;

    @Override
    @Test
    @Order(1)
    void first() {
      own = Plants.pool();
    }

    @Override
    @Test
    @Order(2)
    void second() {
      Plants.thread();
    }
  }

  static class MakesOwnSingleThreadTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.working(Executors.newSingleThreadExecutor());
    final ExecutorService own = Plants.working(Executors.newSingleThreadExecutor());
  }

  @Test
  void the_first_test_answers_for_what_its_constructor_made_and_its_fields_hold() {
    assertThat(Run.of(ConstructorTestCase.class).outcomes())
        .containsExactly(
            "first() left unclosed-executor, stray-thread",
            "second() left unclosed-executor, stray-thread",
            "ConstructorTestCase left unclosed-executor");
    assertThat(Run.of(NoInitialiserTestCase.class).outcomes())
        .containsExactly("first() left stray-thread", "second() left stray-thread");
  }

  static class ConstructorTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.pool();
    final ExecutorService pool = Plants.pool();
    final Thread thread = Plants.thread();
  }

  static class NoInitialiserTestCase extends TwoTests {
    NoInitialiserTestCase() {
      Plants.thread();
    }
  }

  // Threads

  @Test
  void the_class_answers_for_a_thread_of_its_initialiser() {
    assertThatTheClassIsTold(ThreadTestCase.class, "stray-thread");
    assertThatTheClassIsTold(UnheldThreadTestCase.class, "stray-thread");
    assertThatTheClassIsTold(UnheldThreadWithoutFieldsTestCase.class, "stray-thread");
    assertThatNothingIsTold(EndedThreadTestCase.class);
  }

  static class ThreadTestCase extends TwoTests {
    static final Thread THREAD = Plants.thread();
  }

  static class UnheldThreadTestCase extends TwoTests {
    static final Object NAME = Plants.thread().getName();
  }

  static class UnheldThreadWithoutFieldsTestCase extends TwoTests {
    static {
      Plants.thread();
    }
  }

  static class EndedThreadTestCase extends TwoTests {
    static final Thread THREAD = Plants.thread();

    @AfterAll
    static void tearDown() {
      THREAD.interrupt();
      Plants.join(THREAD);
    }
  }

  // Queues

  @Test
  void what_an_initialiser_put_into_a_queue_is_what_its_class_begins_with() {
    assertThatNothingIsTold(QueueTestCase.class);
    assertThatTheClassIsTold(QueueOfFirstTestTestCase.class, "leftover-queue");
    assertThatNothingIsTold(TakenQueueTestCase.class);
  }

  static class QueueTestCase extends TwoTests {
    static final LinkedBlockingQueue<String> INBOX = new LinkedBlockingQueue<>();

    static {
      INBOX.add("sent");
    }
  }

  static class QueueOfFirstTestTestCase extends TwoTests {
    static final LinkedBlockingQueue<String> INBOX = new LinkedBlockingQueue<>();

    @Override
    @Test
    @Order(1)
    void first() {
      INBOX.add("sent");
    }
  }

  static class TakenQueueTestCase extends TwoTests {
    static final LinkedBlockingQueue<String> INBOX = new LinkedBlockingQueue<>();

    static {
      INBOX.add("sent");
    }

    @Override
    @Test
    @Order(2)
    void second() {
      assertThat(INBOX.poll()).isEqualTo("sent");
    }
  }

  // Locks

  @Test
  void the_class_answers_for_a_lock_that_its_initialiser_locked() {
    assertThatTheClassIsTold(LockTestCase.class, "held-lock");
    assertThatTheClassIsTold(LockOfFirstTestTestCase.class, "held-lock");
    assertThatTheClassIsTold(LockOfBeforeAllTestCase.class, "held-lock");
    assertThatNothingIsTold(UnlockedTestCase.class);
  }

  static class LockTestCase extends TwoTests {
    static final ReentrantLock LOCK = new ReentrantLock();

    static {
      LOCK.lock();
    }
  }

  static class LockOfFirstTestTestCase extends TwoTests {
    static final ReentrantLock LOCK = new ReentrantLock();

    @Override
    @Test
    @Order(1)
    void first() {
      LOCK.lock();
    }
  }

  static class LockOfBeforeAllTestCase extends TwoTests {
    static final ReentrantLock LOCK = new ReentrantLock();

    @BeforeAll
    static void setUp() {
      LOCK.lock();
    }
  }

  static class UnlockedTestCase extends TwoTests {
    static final ReentrantLock LOCK = new ReentrantLock();

    static {
      LOCK.lock();
    }

    @AfterAll
    static void tearDown() {
      LOCK.unlock();
    }
  }

  // Who initialises it

  @Test
  void the_class_answers_though_another_extension_touched_it_first() {
    assertThatTheClassIsTold(TouchedTestCase.class, "unclosed-executor, stray-thread");
  }

  static final class Touches implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
      Class.forName(context.getRequiredTestClass().getName(), true, getClass().getClassLoader());
    }
  }

  @ExtendWith(Touches.class)
  static class TouchedTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.pool();
    static final Thread THREAD = Plants.thread();
  }

  @Test
  void the_class_answers_though_it_is_initialised_to_tell_parameters() {
    assertThat(Run.of(ParameterisedTestCase.class).outcomes())
        .containsExactly(
            "takes(String)[1] passed",
            "takes(String)[2] passed",
            "ParameterisedTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ParameterisedTestCase {
    static final ExecutorService POOL = Plants.pool();

    static Stream<String> values() {
      return Stream.of("one", "two");
    }

    @ParameterizedTest
    @MethodSource("values")
    void takes(String value) {
      assertThat(value).isNotEmpty();
    }
  }

  @Test
  void a_class_with_one_instance_answers() {
    assertThatTheClassIsTold(OneInstanceTestCase.class, "unclosed-executor, stray-thread");
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OneInstanceTestCase extends TwoTests {
    static final ExecutorService POOL = Plants.pool();

    static {
      Plants.thread();
    }
  }

  @Test
  void an_inner_class_answers_for_its_own_initialiser() {
    assertThat(Run.of(OuterTestCase.class).outcomes())
        .containsExactly(
            "InnerTestCase.passes() passed",
            "InnerTestCase left unclosed-executor",
            "OuterTestCase left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OuterTestCase {
    static final Thread THREAD = Plants.thread();

    @Nested
    class InnerTestCase {
      static final ExecutorService POOL = Plants.pool();

      @Test
      void passes() {}
    }
  }

  @Test
  void what_is_inherited_is_no_single_classes() {
    assertThatNothingIsTold(InheritsTestCase.class);
  }

  abstract static class Base extends TwoTests {
    static final ExecutorService POOL = Plants.pool();
  }

  interface Held {
    Thread THREAD = Plants.thread();
  }

  static class InheritsTestCase extends Base implements Held {
    @Override
    @Test
    @Order(1)
    void first() {
      assertThat(THREAD.isAlive()).isTrue();
    }
  }

  @Test
  void classes_that_run_at_the_same_time_leave_nobody_unaccused() {
    Run run =
        ParallelTest.concurrentAndDetected()
            .with("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
            .over(OneOfTwoTestCase.class, OtherOfTwoTestCase.class);
    assertThat(run.outcomes()).filteredOn(outcome -> outcome.contains(" left ")).isNotEmpty();
    assertThat(run.outcomes()).filteredOn(outcome -> outcome.contains("() left ")).isEmpty();
  }

  abstract static class OfTwo {
    static final ParallelTest.Meeting MEETING = new ParallelTest.Meeting();

    @Test
    void meets() {
      MEETING.meet();
    }
  }

  static class OneOfTwoTestCase extends OfTwo {
    static final ExecutorService POOL = Plants.pool();
  }

  static class OtherOfTwoTestCase extends OfTwo {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(1));

    @AfterAll
    static void tearDown() {
      POOL.shutdown();
    }
  }
}
