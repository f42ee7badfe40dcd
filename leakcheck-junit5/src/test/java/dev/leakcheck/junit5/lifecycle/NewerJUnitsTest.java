package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.NoLeaks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What JUnit 5.13 and 6 brought. */
class NewerJUnitsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void each_invocation_of_a_parameterized_class_is_judged() {
    boolean present;
    try {
      Class.forName("org.junit.jupiter.params.ParameterizedClass");
      present = true;
    } catch (ClassNotFoundException e) {
      present = false;
    }
    assumeTrue(present, "this JUnit has no @ParameterizedClass");

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
