package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.NoLeaks;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

class RegisteredTwiceTest {

  private static final String AUTODETECTION = "junit.jupiter.extensions.autodetection.enabled";

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_test_is_checked_once_however_often_the_extension_is_registered() {
    Run run = Run.configured().with(AUTODETECTION, "true").over(FourTimesTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "leaves() left stray-thread",
            "forgets() left leftover-queue",
            "passes() passed",
            "fails() failed: no; left stray-thread",
            "FourTimesTestCase left unclosed-executor");
    for (String name : List.of("leaves", "forgets", "FourTimesTestCase")) {
      assertThat(run.leaks(name)).hasSize(1);
      assertThat(run.failure(name))
          .isInstanceOf(LeakAssertionError.class)
          .hasNoSuppressedExceptions();
    }
    assertThat(run.failure("fails").getSuppressed()).hasSize(1);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OnceTestCase {}

  @NoLeaks
  @ExtendWith(LeakCheckExtension.class)
  static class FourTimesTestCase extends OnceTestCase {
    @RegisterExtension static final LeakCheckExtension ONE_MORE = new LeakCheckExtension();
    @RegisterExtension final LeakCheckExtension andOneMore = new LeakCheckExtension();

    final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();

    @BeforeAll
    static void setUp() {
      Plants.pool();
    }

    @Test
    void leaves() {
      Plants.thread();
    }

    @Test
    void forgets() {
      Plants.onAThread(() -> queue.add("message"));
    }

    @Test
    void passes() {}

    @Test
    void fails() {
      Plants.thread();
      throw new AssertionError("no");
    }
  }

  @Test
  void a_test_is_checked_when_the_extension_was_only_detected() {
    assertThat(Run.configured().with(AUTODETECTION, "true").over(PlainTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leaves() left stray-thread", "passes() passed", "PlainTestCase left stray-thread");
    Plants.release();
    assertThat(Run.of(PlainTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() passed", "passes() passed");
  }

  static class PlainTestCase {
    @Test
    void leaves() {
      Plants.thread();
    }

    @Test
    void passes() {}

    @AfterAll
    static void tearDown() {
      Plants.thread();
    }
  }

  @Test
  void an_annotation_on_a_method_checks_the_method() {
    assertThat(Run.of(AnnotatedMethodTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "leaves() left stray-thread", "closes() passed", "unchecked() passed");
  }

  static class AnnotatedMethodTestCase {
    @Test
    @NoLeaks
    void leaves() {
      Plants.thread();
    }

    @Test
    @NoLeaks
    void closes() {
      Plants.close(Plants.pool());
    }

    @Test
    void unchecked() {
      Plants.thread();
    }
  }

  @Test
  void an_extension_in_an_instance_field_checks_each_test() {
    assertThat(Run.of(InstanceFieldTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left stray-thread", "passes() passed");
  }

  static class InstanceFieldTestCase {
    @RegisterExtension final LeakCheckExtension leaks = new LeakCheckExtension();

    @Test
    void leaves() {
      Plants.thread();
    }

    @Test
    void passes() {}
  }

  @Test
  void annotations_are_inherited() {
    assertThat(Run.of(InheritingTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left stray-thread", "passes() passed");
  }

  @NoLeaks
  abstract static class BaseTestCase {}

  static class InheritingTestCase extends BaseTestCase {
    @Test
    void leaves() {
      Plants.thread();
    }

    @Test
    void passes() {}
  }
}
