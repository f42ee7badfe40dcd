package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.integration.LeakProbe;
import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.OpenResource;
import dev.leakcheck.model.OwnKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

class OwnKindsTest {

  /** Stands for a service that LeakCheck knows nothing of. */
  private static final Map<String, StackTraceElement[]> LEASES = new ConcurrentHashMap<>();

  private static void lease(String name) {
    LEASES.put(name, new Throwable().getStackTrace());
  }

  private static void release(String name) {
    LEASES.remove(name);
  }

  static final class HeldLeases implements LeakProbe {
    @Override
    public String kind() {
      return "held-lease";
    }

    @Override
    public Collection<OpenResource> open() {
      return LEASES.entrySet().stream()
          .map(
              lease ->
                  OpenResource.of(
                          lease.getKey(),
                          "lease on " + lease.getKey(),
                          "call release() in a finally block")
                      .with("service", "leases.example.com")
                      .openedAt(lease.getValue()))
          .toList();
    }
  }

  @AfterEach
  void releaseAll() {
    LEASES.clear();
  }

  @Test
  void a_lease_that_a_test_forgets_is_its_leak_and_no_other_is() {
    Run run = Run.of(LeasesTestCase.class);

    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "releases() passed",
            "forgets() left held-lease",
            "mayForget() passed",
            "forgetsAThreadToo() left stray-thread, held-lease",
            "usesTheFixtures() passed");
    Finding finding = run.leaks("forgets").get(0);
    assertThat(finding.kind()).isEqualTo(new OwnKind("held-lease"));
    assertThat(finding.title()).isEqualTo("lease on /orders");
    Plants.release();
  }

  static class LeasesTestCase {
    @RegisterExtension
    static final LeakCheckExtension LEAKS = LeakCheckExtension.with(new HeldLeases());

    @BeforeAll
    static void fixture() {
      lease("/fixture");
    }

    @AfterAll
    static void tearDown() {
      release("/fixture");
    }

    @BeforeEach
    void open() {
      lease("/each");
    }

    @AfterEach
    void close() {
      release("/each");
    }

    @Test
    void releases() {
      lease("/orders");
      release("/orders");
    }

    @Test
    void forgets() {
      lease("/orders");
    }

    @Test
    @AllowLeaks(ownKind = "held-lease", reason = "ends by itself in a minute")
    void mayForget() {
      lease("/prices");
    }

    @Test
    void forgetsAThreadToo() {
      lease("/stock");
      Plants.thread();
    }

    @Test
    void usesTheFixtures() {
      assertThat(LEASES).containsKey("/fixture");
    }
  }

  @Test
  void the_message_is_as_that_of_any_other_kind() {
    LeakAssertionError failure =
        (LeakAssertionError)
            Run.configured().over(LeasesTestCase.class, "forgets").failure("forgets");

    assertThat(failure.getMessage())
        .contains("1 held-lease")
        .contains("1) held-lease   lease on /orders\n")
        .contains("     opened at  ")
        .contains("OwnKindsTest$LeasesTestCase.forgets(OwnKindsTest.java:")
        .contains("     service    leases.example.com\n")
        .contains("     fix        call release() in a finally block\n")
        .contains(
            "     allow      @AllowLeaks(ownKind = \"held-lease\", createdBy ="
                + " \"dev.leakcheck.junit5.lifecycle.OwnKindsTest\", reason = \"…\")\n");
  }

  @Test
  void what_the_class_leaves_is_the_classs() {
    assertThat(Run.of(FixtureTestCase.class).outcomes())
        .containsExactlyInAnyOrder("passes() passed", "FixtureTestCase left held-lease");
  }

  static class FixtureTestCase {
    @RegisterExtension
    static final LeakCheckExtension LEAKS = LeakCheckExtension.with(new HeldLeases());

    @BeforeAll
    static void fixture() {
      lease("/fixture");
    }

    @Test
    void passes() {}
  }

  @Test
  void so_it_is_with_one_instance_and_in_inner_classes() {
    assertThat(Run.of(OuterTestCase.class).outcomes())
        .containsExactlyInAnyOrder("passes() passed", "Inner.forgets() left held-lease");
  }

  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OuterTestCase {
    @RegisterExtension
    static final LeakCheckExtension LEAKS = LeakCheckExtension.with(new HeldLeases());

    @Test
    void passes() {}

    @Nested
    class Inner {
      @Test
      void forgets() {
        lease("/orders");
      }
    }
  }

  @Test
  void who_releases_within_the_settle_time_leaks_nothing() {
    assertThat(
            Run.unconfigured().with("leakcheck.settle", "1m").over(LateTestCase.class).outcomes())
        .containsExactly("releasesLate() passed");
  }

  static class LateTestCase {
    private static final CountDownLatch ASKED = new CountDownLatch(1);

    /** Releases once it was seen to be held after the test. */
    @RegisterExtension
    static final LeakCheckExtension LEAKS =
        LeakCheckExtension.with(
            new LeakProbe() {
              @Override
              public String kind() {
                return "held-lease";
              }

              @Override
              public Collection<OpenResource> open() {
                Collection<OpenResource> open = new HeldLeases().open();
                if (!open.isEmpty()) {
                  ASKED.countDown();
                }
                return open;
              }
            });

    @Test
    void releasesLate() {
      lease("/orders");
      Thread late =
          new Thread(
              () -> {
                try {
                  ASKED.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                  return;
                }
                release("/orders");
              });
      late.start();
    }
  }

  @Test
  void tests_in_parallel_are_judged_together() {
    List<String> outcomes =
        Run.configured()
            .with("junit.jupiter.execution.parallel.enabled", "true")
            .with("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .with("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
            .with("junit.jupiter.extensions.autodetection.enabled", "true")
            .over(ParallelTestCase.class)
            .outcomes();

    assertThat(outcomes)
        .containsExactlyInAnyOrder(
            "one() passed", "other() passed", "ParallelTestCase left held-lease");
  }

  @Execution(ExecutionMode.CONCURRENT)
  static class ParallelTestCase {
    private static final CountDownLatch BOTH = new CountDownLatch(2);

    @RegisterExtension
    static final LeakCheckExtension LEAKS = LeakCheckExtension.with(new HeldLeases());

    @Test
    void one() throws InterruptedException {
      lease("/orders");
      meet();
    }

    @Test
    void other() throws InterruptedException {
      meet();
    }

    private static void meet() throws InterruptedException {
      BOTH.countDown();
      assertThat(BOTH.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void a_probe_that_fails_harms_no_verdict() {
    Run run = Run.of(FailingProbeTestCase.class);

    assertThat(run.outcomes())
        .containsExactlyInAnyOrder("passes() passed", "leaves() left stray-thread");
    assertThat(run.failure("leaves"))
        .hasMessageContaining("held-lease was not looked for")
        .hasMessageContaining("it failed with java.lang.IllegalStateException: no connection");
    Plants.release();
  }

  static class FailingProbeTestCase {
    @RegisterExtension
    static final LeakCheckExtension LEAKS =
        LeakCheckExtension.with(
            new LeakProbe() {
              @Override
              public String kind() {
                return "held-lease";
              }

              @Override
              public Collection<OpenResource> open() {
                throw new IllegalStateException("no connection");
              }
            });

    @Test
    void passes() {}

    @Test
    void leaves() {
      Plants.thread();
    }
  }
}
