package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where tests are judged together, what a test instance's fields hold was made by the tests all the
 * same, and not by other extensions that run in between.
 */
class ClassAndRunLevelTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static void assertThatBothLevelsFind(Class<?> testCase) {
    assertThatBothLevelsFind(testCase, testCase);
  }

  private static void assertThatBothLevelsFind(Class<?> testCase, Class<?> failing) {
    assertThat(outcomes("class", testCase))
        .contains(failing.getSimpleName() + " left unclosed-executor")
        .noneMatch(outcome -> outcome.contains("failed"));
    Plants.release();
    assertThat(outcomes("run", testCase))
        .contains("engine left unclosed-executor")
        .noneMatch(outcome -> outcome.contains("failed"));
  }

  private static List<String> outcomes(String level, Class<?> testCase) {
    return Run.configured().with("leakcheck.level", level).over(testCase).outcomes();
  }

  /** Other extensions that start threads in between, so that what was made meanwhile is told. */
  static final class Busy
      implements TestInstancePostProcessor, BeforeEachCallback, AfterEachCallback {
    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      Plants.endedThread();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      Plants.endedThread();
    }

    @Override
    public void afterEach(ExtensionContext context) {
      Plants.endedThread();
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        InitialiserTestCase.class,
        ConstructorTestCase.class,
        BeforeEachTestCase.class,
        InheritedTestCase.class,
        PerClassTestCase.class,
        ParameterTestCase.class,
        WrapperTestCase.class,
        ForkJoinTestCase.class
      })
  void a_pool_with_an_idle_worker_in_a_field_of_the_instance_is_found(Class<?> testCase) {
    assertThatBothLevelsFind(testCase);
  }

  @Test
  void a_pool_with_an_idle_worker_in_a_field_of_a_nested_instance_is_found() {
    assertThatBothLevelsFind(
        OuterTestCase.class,
        Tier.hasAgent() ? OuterTestCase.class : OuterTestCase.InnerTestCase.class);
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class InitialiserTestCase {
    final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(2));

    @Test
    void works() {
      Plants.anotherWorker(pool);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class ConstructorTestCase {
    final ExecutorService pool;

    ConstructorTestCase() {
      pool = Plants.kept(Executors.newCachedThreadPool());
    }

    @Test
    void works() {
      Plants.anotherWorker(pool);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class BeforeEachTestCase {
    ExecutorService pool;

    @BeforeEach
    void setUp() {
      pool = Plants.kept(Executors.newScheduledThreadPool(1));
    }

    @Test
    void works() {
      Plants.anotherWorker(pool);
    }
  }

  abstract static class Base {
    ExecutorService pool;

    @BeforeEach
    void setUpBase() {
      pool = Plants.kept(Executors.newFixedThreadPool(2));
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class InheritedTestCase extends Base {
    @Test
    void works() {
      Plants.anotherWorker(pool);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassTestCase {
    final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(2));

    @Test
    void works() {
      Plants.anotherWorker(pool);
    }
  }

  static final class Names implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == String.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      Plants.endedThread();
      return "worker";
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class, Names.class})
  static class ParameterTestCase {
    final ExecutorService pool;

    ParameterTestCase(String name) {
      pool = Plants.kept(Executors.newFixedThreadPool(2, task -> new Thread(task, name)));
    }

    @Test
    void works(String name) {
      Plants.anotherWorker(pool);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class WrapperTestCase {
    final ExecutorService pool = Plants.kept(Executors.newSingleThreadExecutor());

    @Test
    void works() {
      Plants.anotherWorker(pool);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class ForkJoinTestCase {
    final ExecutorService pool = Plants.kept(new ForkJoinPool(2));

    @Test
    void works() {
      Plants.anotherWorker(pool);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class OuterTestCase {
    final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(2));

    @Nested
    class InnerTestCase {
      @Test
      void works() {
        Plants.anotherWorker(pool);
      }
    }
  }

  @Test
  @Tier.WithAgent
  void a_pool_without_a_worker_in_a_field_of_the_instance_is_found() {
    assertThatBothLevelsFind(WorkerlessTestCase.class);
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class WorkerlessTestCase {
    final ExecutorService pool = Executors.newFixedThreadPool(2);

    @Test
    void test() {}
  }

  // Near misses

  @ParameterizedTest
  @ValueSource(classes = {InjectedTestCase.class, GivenTestCase.class, ClosedTestCase.class})
  void a_pool_of_another_extension_passes_whoever_holds_it(Class<?> testCase) {
    assertThat(outcomes("class", testCase)).containsExactly("works() passed");
    Plants.release();
    assertThat(outcomes("run", testCase)).containsExactly("works() passed");
  }

  /** Has a pool without a thread in what it puts into the test. */
  static final class Injector implements TestInstancePostProcessor {
    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      Plants.endedThread();
      ((InjectedTestCase) instance).pool = Plants.kept(Executors.newFixedThreadPool(2));
    }
  }

  @ExtendWith({LeakCheckExtension.class, Injector.class})
  static class InjectedTestCase {
    ExecutorService pool;

    @Test
    void works() {
      if (Jvm.LISTS_EXECUTORS) {
        Plants.anotherWorker(pool);
      }
    }
  }

  static final class Giver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ExecutorService.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      Plants.endedThread();
      return Plants.kept(Executors.newFixedThreadPool(2));
    }
  }

  @ExtendWith({LeakCheckExtension.class, Giver.class})
  static class GivenTestCase {
    final ExecutorService pool;

    GivenTestCase(ExecutorService given) {
      pool = given;
    }

    @Test
    void works() {
      if (Jvm.LISTS_EXECUTORS) {
        Plants.anotherWorker(pool);
      }
    }
  }

  @ExtendWith({LeakCheckExtension.class, Busy.class})
  static class ClosedTestCase {
    final ExecutorService pool = Plants.pool();

    @Test
    void works() {
      Plants.close(pool);
    }
  }
}
