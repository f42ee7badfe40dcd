package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class SharedSuperclassesTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void what_a_superclass_keeps_for_all_its_subclasses_is_no_single_ones_leak() {
    assertThat(Run.of(FirstTestCase.class, SecondTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "FirstTestCase.uses() passed",
            "SecondTestCase.uses() passed",
            "SecondTestCase.usesInTest() passed",
            "SecondTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  abstract static class SharingTestCase {
    private static ExecutorService shared;
    static final LinkedBlockingQueue<String> LOG = new LinkedBlockingQueue<>();

    static synchronized ExecutorService shared() {
      if (shared == null) {
        shared = Plants.pool();
      }
      return shared;
    }

    @Test
    void uses() {
      Plants.anotherWorker(shared());
      LOG.add("used");
    }
  }

  static class FirstTestCase extends SharingTestCase {}

  static class SecondTestCase extends SharingTestCase {
    static ExecutorService own;

    @BeforeAll
    static void setUp() {
      own = Plants.pool();
    }

    @Test
    void usesInTest() {
      Plants.anotherWorker(shared());
    }
  }

  @Test
  void what_a_superclass_makes_in_BeforeAll_and_closes_in_AfterAll_passes_in_each_subclass() {
    assertThat(Run.of(FirstClosingTestCase.class, SecondClosingTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "FirstClosingTestCase.uses() passed",
            "SecondClosingTestCase.uses() passed",
            "SecondClosingTestCase.leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  abstract static class ClosingTestCase {
    static ExecutorService pool;

    @BeforeAll
    static void open() {
      pool = Plants.pool();
    }

    @Test
    void uses() {
      Plants.anotherWorker(pool);
    }

    @AfterAll
    static void close() {
      pool.shutdown();
    }
  }

  static class FirstClosingTestCase extends ClosingTestCase {}

  static class SecondClosingTestCase extends ClosingTestCase {
    @Test
    void leaves() {
      Plants.thread();
    }
  }
}
