package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code @AutoClose} came with JUnit 5.11; its name is not resolved before a test case is run. */
class AutoClosedFieldsTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  static boolean hasAutoClose() {
    try {
      Class.forName("org.junit.jupiter.api.AutoClose");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static void assumeAutoClose() {
    assumeTrue(hasAutoClose(), "this JUnit has no @AutoClose");
  }

  @Test
  void a_field_that_AutoClose_closes_passes_and_its_neighbour_fails() {
    assumeAutoClose();
    assertThat(Run.of(AutoCloseTestCase.class).outcomes())
        .containsExactlyInAnyOrder("closesEarlier() passed", "forgets() left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AutoCloseTestCase {
    @AutoClose("shutdown")
    final ExecutorService closed = Plants.pool();

    final ExecutorService other = Plants.pool();

    @Test
    void closesEarlier() {
      other.shutdown();
    }

    @Test
    void forgets() {}
  }

  @Test
  void a_static_field_that_AutoClose_closes_passes() {
    assumeAutoClose();
    assertThat(Run.of(StaticAutoCloseTestCase.class).outcomes())
        .containsExactlyInAnyOrder("uses() passed");
    assertThat(Run.of(StaticForgottenTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "uses() passed", "StaticForgottenTestCase left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StaticAutoCloseTestCase {
    @AutoClose("shutdown")
    static ExecutorService closed;

    @org.junit.jupiter.api.BeforeAll
    static void setUp() {
      closed = Plants.pool();
    }

    @Test
    void uses() {
      Plants.anotherWorker(closed);
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StaticForgottenTestCase {
    static ExecutorService forgotten;

    @org.junit.jupiter.api.BeforeAll
    static void setUp() {
      forgotten = Plants.pool();
    }

    @Test
    void uses() {
      Plants.anotherWorker(forgotten);
    }
  }

  @Test
  void a_field_of_a_per_class_instance_that_AutoClose_closes_passes() {
    assumeAutoClose();
    assertThat(Run.of(PerClassAutoCloseTestCase.class).outcomes())
        .containsExactlyInAnyOrder("uses() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClassAutoCloseTestCase {
    @AutoClose("shutdown")
    final ExecutorService closed = Plants.pool();

    @Test
    void uses() {
      Plants.anotherWorker(closed);
    }
  }
}
