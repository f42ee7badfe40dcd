package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a class of the program makes for itself when it is initialised, and keeps in a final field,
 * is not the test's that touched it first. Each class is run once, as it is initialised once.
 */
class ClassConstantsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  // Made once

  static final class Service {
    private static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(2));

    private Service() {}

    static void call() {
      Plants.anotherWorker(POOL);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PoolTestCase {
    @Test
    void uses() {
      Service.call();
    }
  }

  @Test
  void a_pool_in_a_final_static_field_is_its_classes() {
    Run run = Run.of(PoolTestCase.class);

    assertThat(run.outcomes()).containsExactly("uses() passed");
  }

  /** The test names only what names the class with the pool. */
  static final class Facade {
    private Facade() {}

    static void call() {
      Plants.anotherWorker(Behind.POOL);
    }
  }

  static final class Behind {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(1));

    private Behind() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PoolBehindTestCase {
    @Test
    void uses() {
      Facade.call();
    }
  }

  enum Registry {
    INSTANCE;

    private final ScheduledExecutorService clock = Plants.kept(Executors.newScheduledThreadPool(1));
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PoolOfConstantTestCase {
    @Test
    void uses() {
      Plants.anotherWorker(Registry.INSTANCE.clock);
    }
  }

  static final class Clock {
    static final Thread TICKER = Plants.thread("ticker");
    static final Timer TIMER = new Timer("clock", true);

    static {
      Plants.atRelease(TIMER::cancel);
    }

    private Clock() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ThreadsTestCase {
    @Test
    void uses() {
      assertThat(Clock.TICKER.isAlive()).isTrue();
      Clock.TIMER.schedule(
          new TimerTask() {
            @Override
            public void run() {}
          },
          1_000_000);
    }
  }

  @Test
  void so_is_what_a_field_or_a_constant_of_it_leads_to() {
    assertThat(
            Run.of(PoolBehindTestCase.class, PoolOfConstantTestCase.class, ThreadsTestCase.class)
                .outcomes())
        .containsExactly(
            "PoolBehindTestCase.uses() passed",
            "PoolOfConstantTestCase.uses() passed",
            "ThreadsTestCase.uses() passed");
  }

  // Made by the test

  static final class Lazily {
    static ExecutorService pool;

    private Lazily() {}

    static void call() {
      pool = Plants.pool();
    }
  }

  static final class Listed {
    static final List<ExecutorService> POOLS = new CopyOnWriteArrayList<>();
    static final AtomicReference<ExecutorService> CURRENT = new AtomicReference<>();

    private Listed() {}
  }

  static final class Other {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(1));

    private Other() {}
  }

  static final class Started {
    static final Started SERVER = new Started();

    private ExecutorService pool;

    void start() {
      pool = Plants.pool();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class MakesTestCase {
    @Test
    void lazily() {
      Lazily.call();
    }

    @Test
    void lists() {
      Listed.POOLS.add(Plants.pool());
      Listed.CURRENT.set(Plants.pool());
    }

    @Test
    void starts() {
      Started.SERVER.start();
    }

    @Test
    void besides() {
      Plants.anotherWorker(Other.POOL);
      Plants.pool();
    }
  }

  @Test
  void what_a_test_gives_to_a_class_or_has_it_start_is_the_tests() {
    assertThat(Run.of(MakesTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "lazily() left unclosed-executor",
            "lists() left unclosed-executor, unclosed-executor",
            "starts() left unclosed-executor",
            "besides() left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OtherTestCase {
    static final ExecutorService POOL = Plants.kept(Executors.newFixedThreadPool(1));

    @Test
    void uses() {
      Plants.anotherWorker(POOL);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UsesPoolOfOtherTestCase {
    @Test
    void uses() {
      Plants.anotherWorker(OtherTestCase.POOL);
    }
  }

  @Test
  void a_test_class_answers_for_its_own() {
    assertThat(Run.of(OtherTestCase.class, UsesPoolOfOtherTestCase.class).outcomes())
        .containsExactly(
            "OtherTestCase.uses() passed",
            "OtherTestCase left unclosed-executor",
            "UsesPoolOfOtherTestCase.uses() passed");
  }
}
