package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Threads that each start the next and end, so that there is always one and never the same. */
@Tier.WithAgent
class ChainsOfThreadsTest {

  private static volatile boolean goingOn;
  private static volatile Thread newest;

  private static void begin() {
    goingOn = true;
    next();
  }

  private static void next() {
    Thread thread = new Thread(ChainsOfThreadsTest::link, "poller");
    newest = thread;
    thread.start();
  }

  private static void link() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    if (goingOn) {
      next();
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    goingOn = false;
    for (Thread last = newest; last != null; last = last == newest ? null : newest) {
      last.join();
    }
  }

  @Test
  void the_test_that_began_a_chain_is_told_once_and_nobody_else() {
    assertThat(Run.of(BeginsTestCase.class, LaterTestCase.class).outcomes())
        .containsExactly(
            "BeginsTestCase.begins() left stray-thread",
            "BeginsTestCase.later() passed",
            "LaterTestCase.laterStill() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class BeginsTestCase {
    @Test
    @Order(1)
    void begins() {
      begin();
    }

    @Test
    @Order(2)
    void later() {}
  }

  @ExtendWith(LeakCheckExtension.class)
  static class LaterTestCase {
    @Test
    void laterStill() {}
  }

  @Test
  void a_leak_beside_a_chain_that_was_told_is_told() {
    assertThat(Run.of(BesideTestCase.class).outcomes())
        .containsExactly("begins() left stray-thread", "leaves() left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class BesideTestCase {
    @Test
    @Order(1)
    void begins() {
      begin();
    }

    @Test
    @Order(2)
    void leaves() {
      Plants.thread();
    }

    @AfterAll
    static void release() {
      Plants.release();
    }
  }

  @Test
  void a_chain_of_a_fixture_is_no_tests() {
    assertThat(Run.of(FixtureTestCase.class).outcomes())
        .containsExactly("one() passed", "other() passed");
  }

  /** Whose code it is: not the test class's own, or it might be the test's. */
  private static final class Poller {
    private volatile boolean stopped;
    private volatile Thread newest;

    void next() {
      Thread thread = new Thread(this::link, "poller of a fixture");
      newest = thread;
      thread.start();
    }

    private void link() {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      if (!stopped) {
        next();
      }
    }

    void stop() throws InterruptedException {
      stopped = true;
      for (Thread last = newest; last != null; last = last == newest ? null : newest) {
        last.join();
      }
    }
  }

  @ExtendWith(LeakCheckExtension.class)
  static class FixtureTestCase {
    static Poller poller;

    @BeforeAll
    static void start() {
      poller = new Poller();
      poller.next();
    }

    @AfterAll
    static void stop() throws InterruptedException {
      poller.stop();
    }

    @Test
    void one() {}

    @Test
    void other() {}
  }
}
