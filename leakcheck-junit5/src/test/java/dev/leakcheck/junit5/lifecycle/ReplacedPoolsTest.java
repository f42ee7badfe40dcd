package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A class may replace the pool that it was initialised with: the new one lives as long. */
@Tier.WithAgent
class ReplacedPoolsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_pool_takes_the_place_of_one_that_was_shut_down() {
    Run run = Run.of(ResetsTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "resets() passed",
            "resetsAgain() passed",
            "resetsTwice() passed",
            "resetsAndLeaks() left stray-thread",
            "resetsWrapper() passed");
    assertThat(run.failure("resetsAndLeaks"))
        .hasMessageContaining(
            "left alone: ThreadPoolExecutor in static field "
                + ReplacedPoolsTest.class.getName()
                + "$Resettable.pool");
  }

  static final class Resettable {
    static ExecutorService pool = Plants.pool();

    static void reset() {
      ExecutorService old = pool;
      pool = Plants.pool();
      old.shutdownNow();
    }

    private Resettable() {}
  }

  static final class ResettableWrapper {
    private static volatile ExecutorService pool = single();

    private static ExecutorService single() {
      return Plants.working(Executors.newSingleThreadExecutor());
    }

    static void reset() {
      pool.shutdown();
      pool = single();
    }

    private ResettableWrapper() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class ResetsTestCase {
    @Test
    @Order(1)
    void resets() {
      Resettable.reset();
    }

    @Test
    @Order(2)
    void resetsAgain() {
      Resettable.reset();
    }

    @Test
    @Order(3)
    void resetsTwice() {
      Resettable.reset();
      Resettable.reset();
    }

    @Test
    @Order(4)
    void resetsAndLeaks() {
      Resettable.reset();
      Plants.thread();
    }

    @Test
    @Order(5)
    void resetsWrapper() {
      ResettableWrapper.reset();
    }
  }

  @Test
  void it_does_not_if_the_other_runs_on() {
    assertThat(Run.of(ForgetsOldTestCase.class).outcomes())
        .containsExactly("forgets() left unclosed-executor");
  }

  static final class Forgetful {
    static ExecutorService pool = Plants.pool();

    static void reset() {
      pool = Plants.pool();
    }

    private Forgetful() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ForgetsOldTestCase {
    @Test
    void forgets() {
      Forgetful.reset();
    }
  }

  @Test
  void nor_if_there_was_no_other() {
    assertThat(Run.of(StartsTestCase.class).outcomes())
        .containsExactly(
            "starts() left unclosed-executor", "startsBeside() left unclosed-executor");
  }

  static final class Startable {
    static ExecutorService pool;

    static void start() {
      pool = Plants.pool();
    }

    private Startable() {}
  }

  static final class HasAnother {
    static final ExecutorService OTHER = Plants.pool();
    static ExecutorService pool;

    static void start() {
      OTHER.shutdown();
      pool = Plants.pool();
    }

    private HasAnother() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class StartsTestCase {
    @Test
    @Order(1)
    void starts() {
      Startable.start();
    }

    @Test
    @Order(2)
    void startsBeside() {
      HasAnother.start();
    }
  }

  @Test
  void nor_in_a_field_of_the_test() {
    assertThat(Run.of(OwnFieldTestCase.class).outcomes())
        .containsExactly("replaces() passed", "OwnFieldTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OwnFieldTestCase {
    static ExecutorService pool = Plants.pool();

    @Test
    void replaces() {
      pool.shutdown();
      pool = Plants.pool();
    }
  }
}
