package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that schedule something in a timer that is older than they are. */
@Tier.ReadsTasks
class TimerTasksTest {

  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private static Timer shared;

  @BeforeEach
  void prepare() {
    shared = new Timer("shared", true);
  }

  @AfterEach
  void close() {
    Plants.release();
    shared.cancel();
  }

  private static TimerTask schedule(Timer timer) {
    TimerTask task =
        new TimerTask() {
          @Override
          public void run() {}
        };
    timer.schedule(task, HOUR, HOUR);
    return task;
  }

  @Test
  void a_test_answers_for_what_it_scheduled() {
    Run run = Run.of(LeavingTestCase.class);
    assertThat(run.outcomes())
        .containsExactly(
            "cancels() passed",
            "inItsOwn() passed",
            "leaves() left leftover-task",
            "next() passed");
    assertThat(run.failure("leaves"))
        .hasMessageContaining("runs again 1 h after each run in Timer \"shared\"");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class LeavingTestCase {
    @Test
    void cancels() {
      schedule(shared).cancel();
    }

    @Test
    void inItsOwn() {
      Timer own = new Timer("own", true);
      schedule(own);
      own.cancel();
    }

    @Test
    void leaves() {
      schedule(shared);
    }

    @Test
    void next() {}
  }

  @Test
  void what_the_fixture_scheduled_is_the_classs() {
    assertThat(Run.of(FixtureTestCase.class).outcomes()).containsExactly("passes() passed");
    assertThat(Run.of(LeakyFixtureTestCase.class).outcomes())
        .containsExactly("passes() passed", "LeakyFixtureTestCase left leftover-task");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    static TimerTask task;

    @BeforeAll
    static void setUp() {
      task = schedule(shared);
    }

    @Test
    void passes() {}

    @AfterAll
    static void tearDown() {
      task.cancel();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LeakyFixtureTestCase {
    @BeforeAll
    static void setUp() {
      schedule(shared);
    }

    @Test
    void passes() {}
  }

  @Test
  void what_another_extension_scheduled_is_nobodys() {
    assertThat(Run.of(BesideAnExtensionTestCase.class).outcomes())
        .containsExactly("passes() passed");
  }

  static class Scheduling implements BeforeEachCallback, BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      schedule(shared);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      schedule(shared);
    }
  }

  @ExtendWith({LeakCheckExtension.class, Scheduling.class})
  static class BesideAnExtensionTestCase {
    @Test
    void passes() {}
  }

  /** A fixture that looks after something in a timer of its own, or in one that it was given. */
  static final class Heartbeat {
    private final Timer timer;
    private TimerTask beats;

    Heartbeat(Timer timer) {
      this.timer = timer;
    }

    void start() {
      beats =
          new TimerTask() {
            @Override
            public void run() {}
          };
      timer.schedule(beats, HOUR, HOUR);
    }

    void stop() {
      beats.cancel();
    }
  }

  /** The application's one for everybody. */
  static final class Application {
    static final Timer TIMER = new Timer("application", true);
  }

  @Test
  void what_a_fixture_schedules_as_a_test_uses_it_is_the_classs() {
    assertThat(Run.of(UsedFixtureTestCase.class).outcomes()).containsExactly("uses() passed");
    assertThat(Run.of(LeakyUsedFixtureTestCase.class).outcomes())
        .containsExactly("uses() passed", "LeakyUsedFixtureTestCase left leftover-task");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class UsedFixtureTestCase {
    static Heartbeat heartbeat;

    @BeforeAll
    static void setUp() {
      heartbeat = new Heartbeat(Application.TIMER);
    }

    @Test
    void uses() {
      heartbeat.start();
    }

    @AfterAll
    static void tearDown() {
      heartbeat.stop();
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LeakyUsedFixtureTestCase {
    static Heartbeat heartbeat;

    @BeforeAll
    static void setUp() {
      heartbeat = new Heartbeat(Application.TIMER);
    }

    @Test
    void uses() {
      heartbeat.start();
      Plants.atRelease(heartbeat::stop);
    }
  }

  @Test
  void what_a_tests_object_schedules_in_a_timer_that_it_was_given_is_the_tests() {
    assertThat(Run.of(GivenTestCase.class).outcomes())
        .containsExactlyInAnyOrder("leaves() left leftover-task", "stops() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class GivenTestCase {
    static Timer timer;

    @BeforeAll
    static void setUp() {
      timer = shared;
    }

    @Test
    void leaves() {
      new Heartbeat(timer).start();
    }

    @Test
    void stops() {
      Heartbeat heartbeat = new Heartbeat(timer);
      heartbeat.start();
      heartbeat.stop();
    }
  }
}
