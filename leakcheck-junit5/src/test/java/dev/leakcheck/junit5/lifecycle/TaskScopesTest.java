package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that open structured task scopes. */
class TaskScopesTest {

  @BeforeAll
  static void needsTaskScopes() {
    assumeTrue(Runtime.version().feature() >= 25, "StructuredTaskScope.open came with JDK 25");
  }

  private static final Deque<Object> LEFT = new ArrayDeque<>();
  private static CountDownLatch released = new CountDownLatch(1);

  @BeforeEach
  void prepare() {
    released = new CountDownLatch(1);
  }

  @AfterEach
  void closeWhatIsLeft() {
    released.countDown();
    while (!LEFT.isEmpty()) {
      close(LEFT.pop());
    }
  }

  /** A preview API, which reflection uses without a flag. */
  private static Object call(String name, Object on, Object... arguments) {
    try {
      Class<?> type = Class.forName("java.util.concurrent.StructuredTaskScope");
      return arguments.length == 0
          ? type.getMethod(name).invoke(on)
          : type.getMethod(name, Callable.class).invoke(on, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object open() {
    return call("open", null);
  }

  private static void close(Object scope) {
    call("join", scope);
    call("close", scope);
  }

  private static void forkWaiting(Object scope) {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch end = released;
    Callable<Object> task =
        () -> {
          started.countDown();
          end.await();
          return "";
        };
    call("fork", scope, task);
    try {
      started.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Object leave() {
    Object scope = open();
    LEFT.push(scope);
    return scope;
  }

  @Test
  void a_test_answers_for_a_task_scope_with_forks() {
    Run run = Run.of(ForkingTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "leaves() left unclosed-task-scope", "closes() passed", "separateThread() passed");
    assertThat(run.leaks("leaves").get(0).threads()).hasSize(1);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ForkingTestCase {
    @Test
    void leaves() {
      forkWaiting(leave());
    }

    @Test
    void closes() {
      Object scope = open();
      Callable<Object> task = () -> "";
      call("fork", scope, task);
      close(scope);
    }

    /** The JDK closes it with its thread. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void separateThread() {
      open();
    }
  }

  @Test
  @Tier.WithAnyAgent
  void so_it_does_for_one_without() {
    assertThat(Run.of(EmptyTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left unclosed-task-scope", "passes() passed");
  }

  /** Who has not enabled that preview opens none, but for code that does it by reflection. */
  private static void needsPreview() {
    assumeTrue(
        Tier.hasAnyAgent()
            || ManagementFactory.getRuntimeMXBean()
                .getInputArguments()
                .contains("--enable-preview"),
        "one without forks is looked for only where the preview is enabled");
  }

  @Test
  @Tier.WithoutAnyAgent
  void the_class_does_that_where_only_a_dump_tells() {
    needsPreview();
    assertThat(Run.of(EmptyTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leaves() passed", "passes() passed", "EmptyTestCase left unclosed-task-scope");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class EmptyTestCase {
    @Test
    void leaves() {
      leave();
    }

    @Test
    void passes() {}
  }

  @Test
  void a_fixtures_task_scope_is_no_tests() {
    assertThat(Run.of(FixtureTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  @Test
  void its_class_answers_for_a_fixtures_task_scope() {
    needsPreview();
    assertThat(Run.of(LeakyFixtureTestCase.class).outcomes())
        .containsExactly("passes() passed", "LeakyFixtureTestCase left unclosed-task-scope");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    static Object scope;

    @BeforeAll
    static void setUp() {
      scope = open();
    }

    @Test
    void passes() {
      AtomicBoolean ran = new AtomicBoolean();
      Callable<Object> task =
          () -> {
            ran.set(true);
            return "";
          };
      call("fork", scope, task);
    }

    @AfterAll
    static void tearDown() {
      close(scope);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LeakyFixtureTestCase {
    @BeforeAll
    static void setUp() {
      leave();
    }

    @Test
    void passes() {}
  }
}
