package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An executor that has no thread and that no field of the test holds: its test's with the agent.
 * Without it nobody's, whoever made it and whenever the collector comes.
 */
class UnheldExecutorsTest {

  /** Where some are, so that the collector leaves these. */
  private static final List<ExecutorService> KEPT = new ArrayList<>();

  @AfterEach
  void release() {
    KEPT.forEach(ExecutorService::shutdownNow);
    KEPT.clear();
    Plants.release();
  }

  enum Sort {
    FIXED,
    SCHEDULED,
    FORK_JOIN;

    ExecutorService create() {
      return switch (this) {
        case FIXED -> Executors.newFixedThreadPool(2);
        case SCHEDULED -> Executors.newScheduledThreadPool(1);
        case FORK_JOIN -> new ForkJoinPool(2);
      };
    }
  }

  enum Then {
    COLLECTED,
    NOT_COLLECTED,
    HELD_ELSEWHERE
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AbandonsTestCase {
    static Sort sort = Sort.FIXED;
    static Then then = Then.NOT_COLLECTED;

    @Test
    void abandons() {
      makeOne();
      Plants.endedThread();
      if (then == Then.COLLECTED) {
        System.gc();
      }
    }

    /** No frame that is left refers to it. */
    private static void makeOne() {
      ExecutorService executor = sort.create();
      if (then == Then.HELD_ELSEWHERE) {
        KEPT.add(executor);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Then.class)
  void what_a_test_made_is_told_with_the_agent_and_not_without(Then then) {
    AbandonsTestCase.then = then;
    for (Sort sort : Sort.values()) {
      AbandonsTestCase.sort = sort;

      assertThat(Run.of(AbandonsTestCase.class).outcomes())
          .as("%s", sort)
          .containsExactly(
              Tier.hasAgent() ? "abandons() left unclosed-executor" : "abandons() passed");
    }
  }

  static final class Other implements BeforeEachCallback, AfterEachCallback {
    @Override
    public void beforeEach(ExtensionContext context) {
      KEPT.add(Executors.newFixedThreadPool(2));
    }

    @Override
    public void afterEach(ExtensionContext context) {
      KEPT.add(Executors.newFixedThreadPool(2));
      Plants.endedThread();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Other.class})
  static class CleanTestCase {
    @Test
    void passes() {}
  }

  @Test
  void what_another_extension_made_passes() {
    assertThat(Run.of(CleanTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  /** What a field of the test leads to may be there for the whole application. */
  static final class Service {
    final ExecutorService pool = Plants.kept(Executors.newFixedThreadPool(2));
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ServiceTestCase {
    Service service;
    ExecutorService pool;

    @Test
    void inAnObject() {
      service = new Service();
    }

    @Test
    void inAFieldOfTheTest() {
      pool = Plants.kept(Executors.newFixedThreadPool(2));
    }
  }

  @Test
  void one_in_an_object_that_a_field_holds_is_told_with_the_agent_and_not_without() {
    assertThat(Run.of(ServiceTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "inAFieldOfTheTest() left unclosed-executor",
            Tier.hasAgent() ? "inAnObject() left unclosed-executor" : "inAnObject() passed");
  }
}
