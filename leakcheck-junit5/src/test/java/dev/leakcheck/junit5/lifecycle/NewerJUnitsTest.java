package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.NoLeaks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What JUnit 5.13 and 6 brought. */
class NewerJUnitsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  private static void assumePresent(String type) {
    boolean present;
    try {
      Class.forName(type);
      present = true;
    } catch (ClassNotFoundException e) {
      present = false;
    }
    assumeTrue(present, "this JUnit has no " + type);
  }

  @Test
  void each_invocation_of_a_parameterized_class_is_judged() {
    assumePresent("org.junit.jupiter.params.ParameterizedClass");

    assertThat(Run.of(ParametersTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "ParametersTestCase.leavesIfTwo()[1] passed",
            "ParametersTestCase.passes()[1] passed",
            "ParametersTestCase.leavesIfTwo()[2] left stray-thread",
            "ParametersTestCase.passes()[2] passed");
  }

  @NoLeaks
  @ParameterizedClass
  @ValueSource(ints = {1, 2})
  static class ParametersTestCase {
    @Parameter int value;

    @Test
    void leavesIfTwo() {
      if (value == 2) {
        Plants.thread();
      }
    }

    @Test
    void passes() {}
  }

  /** JUnit tells no extension when these methods run: a limit that the guide names. */
  @Test
  void what_an_invocation_s_fixture_makes_is_nobodys() {
    assumePresent("org.junit.jupiter.params.BeforeParameterizedClassInvocation");

    assertThat(Run.of(LeakyFixtureTestCase.class, CleanFixtureTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "LeakyFixtureTestCase.passes()[1] passed",
            "LeakyFixtureTestCase.passes()[2] passed",
            "CleanFixtureTestCase.worksInThePool()[1] passed",
            "CleanFixtureTestCase.worksInThePool()[2] passed");
  }

  @NoLeaks
  @ParameterizedClass
  @ValueSource(ints = {1, 2})
  static class LeakyFixtureTestCase {
    @Parameter int value;

    @BeforeParameterizedClassInvocation
    static void before(int value) {
      if (value == 2) {
        Plants.thread();
      }
    }

    @Test
    void passes() {}
  }

  @NoLeaks
  @ParameterizedClass
  @ValueSource(ints = {1, 2})
  static class CleanFixtureTestCase {
    private static ExecutorService pool;

    @Parameter int value;

    @BeforeParameterizedClassInvocation
    static void open() {
      pool = Executors.newCachedThreadPool();
    }

    @AfterParameterizedClassInvocation
    static void close() throws InterruptedException {
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void worksInThePool() throws Exception {
      pool.submit(() -> {}).get();
    }
  }

  @Test
  void each_invocation_of_a_class_template_is_judged() {
    assumePresent("org.junit.jupiter.api.ClassTemplate");

    assertThat(Run.of(TemplateTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "TemplateTestCase.leavesTheSecondTime()[1] passed",
            "TemplateTestCase.leavesTheSecondTime()[2] left stray-thread");
  }

  @NoLeaks
  @ClassTemplate
  @ExtendWith(Twice.class)
  static class TemplateTestCase {
    private static int times;

    @Test
    void leavesTheSecondTime() {
      if (++times % 2 == 0) {
        Plants.thread();
      }
    }
  }

  static final class Twice implements ClassTemplateInvocationContextProvider {
    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
      return true;
    }

    @Override
    public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
        ExtensionContext context) {
      return Stream.of(
          new ClassTemplateInvocationContext() {}, new ClassTemplateInvocationContext() {});
    }
  }

  /** JUnit 6.1 has such a pool; older ones know nothing of the key and use their own. */
  @Test
  void the_worker_threads_of_a_parallel_run_are_nobodys_leak() {
    List<String> outcomes =
        Run.configured()
            .with("junit.jupiter.execution.parallel.enabled", "true")
            .with("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .with("junit.jupiter.execution.parallel.config.fixed.parallelism", "3")
            .with("junit.jupiter.execution.parallel.config.executor-service", "worker_thread_pool")
            .with("junit.jupiter.extensions.autodetection.enabled", "true")
            .over(ParallelTestCase.class)
            .outcomes();

    assertThat(outcomes).hasSize(Tier.hasAgent() ? 3 : 4);
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.endsWith(" passed"))
        .singleElement()
        .asString()
        .endsWith(" left stray-thread");
  }

  @NoLeaks
  @Execution(ExecutionMode.CONCURRENT)
  static class ParallelTestCase {
    private static final CountDownLatch BOTH = new CountDownLatch(2);

    @Test
    void leaves() throws InterruptedException {
      meet();
      Plants.thread();
    }

    @Test
    void passes() throws InterruptedException {
      meet();
    }

    @Test
    void passesToo() {}

    private static void meet() throws InterruptedException {
      BOTH.countDown();
      assertThat(BOTH.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }
}
