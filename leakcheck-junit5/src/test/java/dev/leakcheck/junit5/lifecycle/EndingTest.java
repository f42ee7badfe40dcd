package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.junit5.AllowLeaks;
import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.junit5.NoLeaks;
import dev.leakcheck.model.Finding;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What was told to stop and is not over when its test is. */
class EndingTest {

  /** Not in a field of the test case: what that holds is for its class to answer for. */
  private static Runnable stop;

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_worker_that_waits_for_the_last_delayed_task_is_waited_for_by_the_class() {
    Run run = Run.configured().with("leakcheck.settle", "2s").over(EndsLaterTestCase.class);
    assertThat(run.outcomes()).containsExactly("a_shutsDown() passed", "b_isOver() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodName.class)
  static class EndsLaterTestCase {
    private ScheduledThreadPoolExecutor pool;

    @Test
    void a_shutsDown() {
      pool = Plants.kept(new ScheduledThreadPoolExecutor(1));
      pool.schedule(() -> {}, 1, TimeUnit.HOURS);
      pool.shutdown();
      stop = pool::shutdownNow;
    }

    @Test
    void b_isOver() {
      stop.run();
    }
  }

  @Test
  void one_that_does_not_end_is_told_by_the_class_and_names_the_test() {
    Run run = Run.of(NeverEndsTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder("shutsDown() passed", "NeverEndsTestCase left stray-thread");
    Finding left = run.leaks("NeverEndsTestCase").get(0);
    assertThat(left.fact("left by").orElse(""))
        .startsWith("EndingTest.NeverEndsTestCase.shutsDown()");
    assertThat(left.fact("executor").orElse(""))
        .matches(
            "ScheduledThreadPoolExecutor@\\p{XDigit}+ was shut down, and waits for what was"
                + " scheduled with a delay( \\(1 task\\))?");
    assertThat(left.fix()).contains("call shutdownNow()").doesNotContain("interrupt()");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class NeverEndsTestCase {
    private final ScheduledThreadPoolExecutor pool =
        Plants.kept(new ScheduledThreadPoolExecutor(1));

    @Test
    void shutsDown() {
      pool.schedule(() -> {}, 1, TimeUnit.HOURS);
      pool.shutdown();
    }
  }

  @Test
  void one_that_runs_periodic_tasks_after_its_end_is_not_said_to_end_by_itself() {
    assumeTrue(
        Tier.hasAgent() || Runtime.version().feature() < 24,
        "the pool of a worker that is left is not known");
    Finding left = Run.of(PeriodicTestCase.class).leaks("PeriodicTestCase").get(0);

    assertThat(left.fact("executor").orElse(""))
        .matches(
            "ScheduledThreadPoolExecutor@\\p{XDigit}+ was shut down, and goes on with its periodic"
                + " tasks \\(1 task\\)");
    assertThat(left.fact("why"))
        .contains(
            "it was still alive when the wait was over; its pool runs periodic tasks again and again"
                + " after shutdown(), so that no settle time lets it end");
    assertThat(left.fix())
        .endsWith(
            "call shutdownNow(), or cancel the periodic tasks:"
                + " getContinueExistingPeriodicTasksAfterShutdownPolicy() is true, so that shutdown()"
                + " lets them run on");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PeriodicTestCase {
    private final ScheduledThreadPoolExecutor pool =
        Plants.kept(new ScheduledThreadPoolExecutor(1));

    @Test
    void shutsDown() {
      pool.setContinueExistingPeriodicTasksAfterShutdownPolicy(true);
      pool.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
      pool.schedule(() -> {}, 1, TimeUnit.HOURS);
      pool.shutdown();
    }
  }

  @Test
  void what_a_test_accepts_is_accepted_where_its_class_answers() {
    assertThat(Run.of(AcceptedTestCase.class).outcomes()).containsExactly("shutsDown() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class AcceptedTestCase {
    private final ScheduledThreadPoolExecutor pool =
        Plants.kept(new ScheduledThreadPoolExecutor(1));

    @Test
    @AllowLeaks(thread = "*", reason = "has a task to do in an hour")
    void shutsDown() {
      pool.schedule(() -> {}, 1, TimeUnit.HOURS);
      pool.shutdown();
    }
  }

  @Test
  void without_a_check_of_the_class_the_test_answers() {
    assertThat(Run.of(MethodOnlyTestCase.class).outcomes())
        .containsExactly("shutsDown() left stray-thread");
  }

  static class MethodOnlyTestCase {
    private final ScheduledThreadPoolExecutor pool =
        Plants.kept(new ScheduledThreadPoolExecutor(1));

    @Test
    @NoLeaks
    void shutsDown() {
      pool.schedule(() -> {}, 1, TimeUnit.HOURS);
      pool.shutdown();
    }
  }

  @Test
  void a_task_of_a_pool_that_was_shut_down_is_told_by_the_test_if_it_is_stuck_or_goes_on() {
    assertThat(Run.of(GoesOnTestCase.class).outcomes())
        .containsExactlyInAnyOrder(
            "isStuck() left stray-thread",
            "sleeps() left stray-thread",
            "polls() left stuck-on-queue",
            "wasNotShutDown() left unclosed-executor");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class GoesOnTestCase {
    private final ThreadPoolExecutor pool =
        Plants.kept((ThreadPoolExecutor) Executors.newFixedThreadPool(1));

    @Test
    void isStuck() {
      run(pool, () -> new CountDownLatch(1).await());
      pool.shutdown();
    }

    @Test
    void sleeps() {
      run(pool, () -> TimeUnit.HOURS.sleep(1));
      pool.shutdown();
    }

    @Test
    void polls() {
      BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
      run(
          pool,
          () -> {
            // Again and again while it is waited for, and hardly ever between two.
            while (queue.poll(20, TimeUnit.MILLISECONDS) == null) {
              Thread.onSpinWait();
            }
          });
      pool.shutdown();
    }

    @Test
    void wasNotShutDown() {
      run(pool, () -> new LinkedBlockingQueue<>().poll(1, TimeUnit.HOURS));
    }
  }

  @Test
  void a_task_that_could_not_see_yet_that_its_pool_was_shut_down_is_waited_for_by_the_class() {
    Run run = Run.of(PollsLongTestCase.class);
    assertThat(run.outcomes()).containsExactly("a_shutsDown() passed", "b_isOver() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodName.class)
  static class PollsLongTestCase {
    private static final BlockingQueue<String> QUEUE = new LinkedBlockingQueue<>();
    private ThreadPoolExecutor pool;

    @Test
    void a_shutsDown() {
      pool = Plants.kept((ThreadPoolExecutor) Executors.newFixedThreadPool(1));
      run(
          pool,
          () -> {
            do {
              QUEUE.poll(1, TimeUnit.HOURS);
            } while (!pool.isShutdown());
          });
      pool.shutdown();
    }

    @Test
    void b_isOver() {
      QUEUE.add("the hour is over");
    }
  }

  @Test
  void if_it_goes_on_the_class_tells_of_it_once_and_names_the_test() {
    Run run = Run.of(PollsForEverTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "shutsDown() passed", "PollsForEverTestCase left stuck-on-queue");
    Finding finding = run.leaks("PollsForEverTestCase").get(0);
    assertThat(finding.fact("left by").orElse(""))
        .startsWith("EndingTest.PollsForEverTestCase.shutsDown()");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PollsForEverTestCase {
    private final ThreadPoolExecutor pool =
        Plants.kept((ThreadPoolExecutor) Executors.newFixedThreadPool(1));

    @Test
    void shutsDown() {
      run(pool, () -> new LinkedBlockingQueue<>().poll(1, TimeUnit.HOURS));
      pool.shutdown();
    }
  }

  @Test
  void a_thread_of_its_own_that_could_not_see_yet_that_it_was_told_to_stop_is_waited_for() {
    assertThat(Run.of(PollerTestCase.class).outcomes())
        .containsExactly("a_stops() passed", "b_isOver() passed");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodName.class)
  static class PollerTestCase {
    @Test
    void a_stops() {
      BlockingQueue<String> work = new LinkedBlockingQueue<>();
      thread(() -> work.poll(1, TimeUnit.HOURS)); // and sees no flag before
      stop = () -> work.add("that the time is up");
    }

    @Test
    void b_isOver() {
      stop.run();
    }
  }

  @Test
  void one_that_goes_on_is_told_by_the_class_if_it_is_alone_and_asleep_by_the_test() {
    Run run = Run.of(PollersTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "polls() passed",
            "sleeps() left stray-thread",
            "pollsBesideASleeper() left stuck-on-queue, stray-thread",
            "PollersTestCase left stuck-on-queue");
    assertThat(run.leaks("PollersTestCase").get(0).fact("left by").orElse(""))
        .startsWith("EndingTest.PollersTestCase.polls()");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class PollersTestCase {
    @Test
    void polls() {
      thread(() -> new LinkedBlockingQueue<>().poll(1, TimeUnit.HOURS));
    }

    @Test
    void sleeps() {
      thread(() -> TimeUnit.HOURS.sleep(1));
    }

    @Test
    void pollsBesideASleeper() {
      thread(() -> new LinkedBlockingQueue<>().poll(2, TimeUnit.HOURS));
      thread(() -> TimeUnit.HOURS.sleep(2));
    }
  }

  private static void thread(Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (InterruptedException released) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    Plants.atRelease(thread::interrupt);
    awaitWait(thread);
  }

  private interface Body {
    void run() throws InterruptedException;
  }

  /** Returns when the body waits. */
  private static void run(ThreadPoolExecutor pool, Body body) {
    Thread[] worker = new Thread[1];
    CountDownLatch started = new CountDownLatch(1);
    pool.execute(
        () -> {
          worker[0] = Thread.currentThread();
          started.countDown();
          try {
            body.run();
          } catch (InterruptedException released) {
            Thread.currentThread().interrupt();
          }
        });
    Plants.await(started);
    awaitWait(worker[0]);
  }

  private static void awaitWait(Thread thread) {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }
}
