package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.lang.ref.WeakReference;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Objects that keep a scheduler which somebody gave to them: it is not their own, and what they
 * schedule there is left by whoever made them.
 */
@Tier.ReadsTasks
class GivenSchedulersTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  /** Has the scheduler in a field, as most do. */
  static final class Heartbeat {
    private final ScheduledExecutorService scheduler;
    private ScheduledFuture<?> beats;

    Heartbeat(ScheduledExecutorService scheduler) {
      this.scheduler = scheduler;
    }

    Heartbeat start() {
      beats = scheduler.scheduleAtFixedRate(this::beat, 1, 1, TimeUnit.HOURS);
      return this;
    }

    void stop() {
      beats.cancel(false);
    }

    private void beat() {}
  }

  /** A fixture that has a scheduler. */
  static final class App {
    final ScheduledExecutorService scheduler = new ScheduledThreadPoolExecutor(1);

    void close() {
      scheduler.shutdownNow();
    }
  }

  @Test
  void what_a_tests_object_schedules_there_is_the_tests() {
    Run run = Run.of(GivenTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "leaves() left leftover-task",
            "leavesInADirectOne() left leftover-task",
            "stops() passed");
    assertThat(run.failure("leavesInADirectOne"))
        .hasMessageContaining("GivenTestCase.scheduler, older than this and not shut down");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class GivenTestCase {
    static App app;
    static ScheduledExecutorService scheduler;

    /** Neither scheduler has a thread yet. */
    @BeforeAll
    static void setUp() {
      app = new App();
      scheduler = new ScheduledThreadPoolExecutor(1);
    }

    @AfterAll
    static void tearDown() {
      app.close();
      scheduler.shutdownNow();
    }

    @Test
    void leaves() {
      new Heartbeat(app.scheduler).start();
    }

    @Test
    void leavesInADirectOne() {
      new Heartbeat(scheduler).start();
    }

    @Test
    void stops() {
      new Heartbeat(app.scheduler).start().stop();
    }
  }

  @Test
  void what_an_older_object_schedules_in_its_own_is_not_though_nothing_leads_to_it() {
    assertThat(Run.of(OrphanTestCase.class).outcomes()).containsExactly("uses() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class OrphanTestCase {
    static WeakReference<Heartbeat> known;

    @BeforeAll
    static void setUp() {
      ScheduledExecutorService own = Plants.kept(new ScheduledThreadPoolExecutor(1));
      Heartbeat heartbeat = new Heartbeat(own).start(); // kept by its task
      known = new WeakReference<>(heartbeat);
    }

    @Test
    void uses() {
      known.get().start();
    }

    @AfterAll
    static void tearDown() {
      known.get().scheduler.shutdownNow();
    }
  }

  /** The application's one for everybody. */
  static final class Application {
    static final ScheduledExecutorService SCHEDULER = daemon();
    static final Monitor MONITOR = new Monitor();

    private static ScheduledExecutorService daemon() {
      return new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "application");
            thread.setDaemon(true);
            return thread;
          });
    }
  }

  /** Lives as long as the application. */
  static final class Monitor {
    final Heartbeat heartbeat = new Heartbeat(Application.SCHEDULER);
  }

  @Test
  void what_a_fixture_leaves_in_an_applications_is_the_classs() {
    assertThat(Run.of(FixtureTestCase.class).outcomes())
        .containsExactly("starts() passed", "FixtureTestCase left leftover-task");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    static Heartbeat heartbeat;

    @BeforeAll
    static void setUp() {
      heartbeat = new Heartbeat(Application.SCHEDULER);
    }

    @Test
    void starts() {
      heartbeat.start();
      Plants.atRelease(heartbeat::stop);
    }
  }

  @Test
  void what_it_stops_in_the_end_is_not() {
    assertThat(Run.of(StoppedFixtureTestCase.class).outcomes()).containsExactly("starts() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StoppedFixtureTestCase {
    static Heartbeat heartbeat;

    @BeforeAll
    static void setUp() {
      heartbeat = new Heartbeat(Application.SCHEDULER);
    }

    @Test
    void starts() {
      heartbeat.start();
    }

    @AfterAll
    static void tearDown() {
      heartbeat.stop();
    }
  }

  @Test
  void what_the_application_schedules_there_is_nobodys() {
    assertThat(Run.of(ApplicationTestCase.class).outcomes()).containsExactly("starts() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class ApplicationTestCase {
    static final Monitor MONITOR = Application.MONITOR;

    @Test
    void starts() {
      MONITOR.heartbeat.start();
      Plants.atRelease(MONITOR.heartbeat::stop);
    }
  }
}
