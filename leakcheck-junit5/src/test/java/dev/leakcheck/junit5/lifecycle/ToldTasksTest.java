package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thread that is there for the sake of a task which was told is not told besides. */
class ToldTasksTest {

  private static CountDownLatch released = new CountDownLatch(1);

  @BeforeEach
  void prepare() {
    released = new CountDownLatch(1);
  }

  @AfterEach
  void release() {
    released.countDown();
  }

  /** Runs until it is released, whoever interrupts it. */
  private static Runnable deaf(CountDownLatch begun) {
    return () -> {
      begun.countDown();
      while (true) {
        try {
          released.await();
          return;
        } catch (InterruptedException e) {
          // it is deaf
        }
      }
    };
  }

  /** On platform threads where there are no virtual ones. */
  private static ExecutorService threadPerTask() throws Exception {
    return Runtime.version().feature() < 21
        ? Executors.newCachedThreadPool()
        : (ExecutorService)
            Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  @Test
  @Tier.WithAgent
  void the_class_does_not_tell_what_its_tests_have_told() {
    assertThat(Run.of(StoppedFixturesTestCase.class).outcomes())
        .containsExactly(
            "cancels() left leftover-task",
            "completes() left leftover-task",
            "executes() left leftover-task",
            "forks() left leftover-task",
            "loses() left leftover-task",
            "queues() left leftover-task, leftover-task",
            "schedules() left leftover-task",
            "starts() left leftover-task");
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.MethodName.class)
  static class StoppedFixturesTestCase {
    static final CountDownLatch QUEUED = new CountDownLatch(1);
    static final CountDownLatch END = new CountDownLatch(1);
    static ExecutorService pool;
    static ExecutorService single;
    static ExecutorService forkJoin;
    static ExecutorService alone;
    static Timer timer;

    @BeforeAll
    static void setUp() throws Exception {
      pool = Executors.newCachedThreadPool();
      single = Executors.newFixedThreadPool(1);
      forkJoin = new ForkJoinPool(2);
      alone = threadPerTask();
      timer = new Timer("fixture", true);
    }

    @AfterAll
    static void tearDown() {
      List.of(pool, forkJoin, alone).forEach(ExecutorService::shutdownNow);
      single.shutdown();
      END.countDown();
      Plants.await(QUEUED);
      timer.cancel();
    }

    @Test
    void cancels() {
      CountDownLatch begun = new CountDownLatch(1);
      Future<?> future = pool.submit(deaf(begun));
      Plants.await(begun);
      future.cancel(true);
    }

    @Test
    void completes() {
      CountDownLatch begun = new CountDownLatch(1);
      new ExecutorCompletionService<Void>(pool).submit(deaf(begun), null);
      Plants.await(begun);
    }

    @Test
    void executes() {
      CountDownLatch begun = new CountDownLatch(1);
      pool.execute(deaf(begun));
      Plants.await(begun);
    }

    @Test
    void forks() {
      CountDownLatch begun = new CountDownLatch(1);
      forkJoin.execute(deaf(begun));
      Plants.await(begun);
    }

    @Test
    void loses() throws Exception {
      CountDownLatch begun = new CountDownLatch(1);
      pool.invokeAny(
          List.of(
              Executors.callable(deaf(begun)),
              () -> {
                Plants.await(begun);
                return "the first";
              }));
    }

    @Test
    void queues() {
      CountDownLatch begun = new CountDownLatch(1);
      single.execute(
          () -> {
            begun.countDown();
            Plants.await(END);
          });
      single.submit(deaf(QUEUED));
      Plants.await(begun);
    }

    @Test
    void schedules() {
      CountDownLatch begun = new CountDownLatch(1);
      TimerTask task =
          new TimerTask() {
            @Override
            public void run() {
              deaf(begun).run();
            }
          };
      timer.schedule(task, 0);
      Plants.await(begun);
    }

    @Test
    void starts() {
      CountDownLatch begun = new CountDownLatch(1);
      Future<?> future = alone.submit(deaf(begun));
      Plants.await(begun);
      future.cancel(true);
    }
  }

  @Test
  @Tier.WithAgent
  void what_the_thread_does_next_is_told() {
    assertThat(Run.of(NextTaskTestCase.class).outcomes())
        .containsExactly("executes() left leftover-task", "NextTaskTestCase left stray-thread");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class NextTaskTestCase {
    static final CountDownLatch END = new CountDownLatch(1);
    static ExecutorService pool;

    @BeforeAll
    static void setUp() {
      pool = Executors.newFixedThreadPool(1);
    }

    @AfterAll
    static void tearDown() {
      END.countDown();
      CountDownLatch begun = new CountDownLatch(1);
      pool.execute(deaf(begun));
      Plants.await(begun);
      pool.shutdownNow();
    }

    @Test
    void executes() {
      CountDownLatch begun = new CountDownLatch(1);
      pool.execute(
          () -> {
            begun.countDown();
            Plants.await(END);
          });
      Plants.await(begun);
    }
  }

  @Test
  @Tier.ReadsTasks
  void a_task_that_runs_again_and_again_and_gets_stuck_is_told_once() {
    assertThat(Run.of(RepeatingTestCase.class).outcomes())
        .containsExactly("schedules() left leftover-task");
  }

  @ExtendWith(LeakCheckExtension.class)
  static class RepeatingTestCase {
    static final CountDownLatch BEGUN = new CountDownLatch(1);
    static final CountDownLatch END = new CountDownLatch(1);
    static ScheduledExecutorService scheduler;

    @BeforeAll
    static void setUp() {
      scheduler = Executors.newScheduledThreadPool(1);
      CountDownLatch busy = new CountDownLatch(1);
      scheduler.execute(
          () -> {
            busy.countDown();
            Plants.await(END);
          });
      Plants.await(busy);
    }

    @AfterAll
    static void tearDown() {
      END.countDown();
      Plants.await(BEGUN);
      scheduler.shutdownNow();
    }

    @Test
    void schedules() {
      scheduler.scheduleAtFixedRate(deaf(BEGUN), 0, 1, TimeUnit.HOURS);
    }
  }
}
