package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whose an executor without a thread is, which nothing refers to: what the tests made is their
 * class's, and what another extension made is nobody's, however long either took.
 */
class BetweenTestsTest {

  @TempDir Path directory;

  @BeforeEach
  void listed() {
    assumeTrue(Jvm.LISTS_EXECUTORS, "an executor without a thread is not seen");
  }

  @AfterEach
  void release() {
    Other.between = Between.NOTHING;
    Kept.POOLS.clear();
    Plants.release();
  }

  /** Keeps what the collector might else come upon before the check of the class. */
  static final class Kept {
    static final List<ExecutorService> POOLS = new ArrayList<>();
    static long collectionsThen;

    /** From now on the collector may come first, and then there is nothing left to be told. */
    static void letGo() {
      collectionsThen = collections();
      POOLS.clear();
    }

    static long collections() {
      return ManagementFactory.getGarbageCollectorMXBeans().stream()
          .mapToLong(GarbageCollectorMXBean::getCollectionCount)
          .sum();
    }
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

  /** What the other extension does before and after each test. */
  enum Between {
    NOTHING,
    /** As much as starting an application takes. */
    WORKS,
    /** As on a machine where somebody else works. */
    WAITS,
    /** So that executors are listed. */
    STARTS_A_THREAD,
    MAKES_AN_EXECUTOR,
    MAKES_AN_EXECUTOR_AND_WORKS,
    MAKES_AN_EXECUTOR_AND_STARTS_A_THREAD;

    void happen() {
      if (name().startsWith("MAKES")) {
        Kept.POOLS.add(Executors.newFixedThreadPool(2));
      }
      if (name().endsWith("WORKS")) {
        long start = cpuNanos();
        while (cpuNanos() - start < 5_000_000) {
          Thread.onSpinWait();
        }
      }
      if (name().endsWith("WAITS")) {
        LockSupport.parkNanos(5_000_000);
      }
      if (name().endsWith("THREAD")) {
        Plants.endedThread();
      }
    }

    private static long cpuNanos() {
      return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
  }

  static final class Other implements BeforeEachCallback, AfterEachCallback {
    static volatile Between between = Between.NOTHING;

    @Override
    public void beforeEach(ExtensionContext context) {
      between.happen();
    }

    @Override
    public void afterEach(ExtensionContext context) {
      between.happen();
    }
  }

  @ExtendWith({LeakCheckExtension.class, Other.class})
  static class AbandonsTestCase {
    static Sort sort = Sort.FIXED;

    @Test
    void abandons() {
      Kept.POOLS.add(sort.create());
    }

    @AfterAll
    static void forget() {
      Kept.letGo();
    }

    /** Again, if the collector came before the check. */
    static Run run() {
      Run run = Run.of(AbandonsTestCase.class);
      for (int i = 0; i < 5 && isMissed(run) && Kept.collections() > Kept.collectionsThen; i++) {
        run = Run.of(AbandonsTestCase.class);
      }
      return run;
    }

    private static boolean isMissed(Run run) {
      return run.outcomes().stream().noneMatch(outcome -> outcome.contains("unclosed-executor"));
    }
  }

  @ExtendWith({LeakCheckExtension.class, Other.class})
  static class CleanTestCase {
    @Test
    void passes() {}

    @AfterAll
    static void forget() {
      Kept.POOLS.clear();
    }
  }

  @ParameterizedTest
  @EnumSource(Between.class)
  void an_executor_of_the_tests_is_found_whatever_others_do_in_between(Between between) {
    Other.between = between;
    for (Sort sort : List.of(Sort.FIXED, Sort.SCHEDULED)) {
      AbandonsTestCase.sort = sort;

      Run run = AbandonsTestCase.run();

      assertThat(run.outcomes())
          .as("%s", sort)
          .filteredOn(outcome -> !outcome.equals("abandons() passed"))
          .containsExactly(
              (Tier.hasAgent() ? "abandons()" : "AbandonsTestCase") + " left unclosed-executor");
      assertThat(run.leaks(Tier.hasAgent() ? "abandons" : "AbandonsTestCase")).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Between.class)
  void an_executor_of_others_passes_however_long_they_take(Between between) {
    Other.between = between;

    assertThat(Run.of(CleanTestCase.class).outcomes()).containsExactly("passes() passed");
  }

  @Tier.WithoutAgent
  @ParameterizedTest
  @EnumSource(
      value = Between.class,
      names = {"NOTHING", "WORKS", "WAITS"})
  void of_an_executor_that_may_be_others_the_verdict_of_the_class_says_so(Between between) {
    Other.between = between;
    AbandonsTestCase.sort = Sort.FORK_JOIN;

    assertThat(reported()).contains("left unclosed-executor");
    assertThat(Written.lines(directory).toString())
        .contains(
            "1 executor without threads (java.util.concurrent.ForkJoinPool) may have been made by"
                + " the tests or, between these, by another extension: found");
  }

  @Tier.WithoutAgent
  @Test
  void of_an_executor_that_was_left_alone_for_that_the_verdict_of_the_class_says_so() {
    Other.between = Between.STARTS_A_THREAD;
    AbandonsTestCase.sort = Sort.FORK_JOIN;

    assertThat(reported()).doesNotContain("left unclosed-executor");
    assertThat(Written.lines(directory).toString())
        .contains(
            "1 executor without threads (java.util.concurrent.ForkJoinPool) may have been made by"
                + " the tests or, between these, by another extension: left alone");
  }

  private String reported() {
    return Run.configured()
        .with("leakcheck.report.dir", directory.toString())
        .over(AbandonsTestCase.class)
        .outcomes()
        .toString();
  }
}
