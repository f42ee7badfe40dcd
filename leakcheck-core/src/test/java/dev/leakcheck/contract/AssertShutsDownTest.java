package dev.leakcheck.contract;

import static dev.leakcheck.contract.ContractErrors.failure;
import static dev.leakcheck.contract.ContractErrors.message;
import static dev.leakcheck.contract.Stubborn.BRIEF;
import static dev.leakcheck.contract.Stubborn.PLENTY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Golden;
import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import dev.leakcheck.model.LeakKind;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AssertShutsDownTest {

  @AutoClose private final Planted planted = new Planted();
  private final Stubborn stubborn = new Stubborn();

  @AfterEach
  void release() {
    stubborn.release();
  }

  private ThreadPoolExecutor pool(int threads) {
    return planted.executor(
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            body -> new Thread(body, "worker")));
  }

  /** An executor that runs on another's threads. */
  private class Custom extends AbstractExecutorService {
    final ExecutorService inner = planted.executor(Executors.newFixedThreadPool(2));

    @Override
    public void shutdown() {
      inner.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
      return inner.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
      return inner.isShutdown();
    }

    @Override
    public boolean isTerminated() {
      return inner.isTerminated();
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
      return inner.awaitTermination(time, unit);
    }

    @Override
    public void execute(Runnable task) {
      inner.execute(task);
    }
  }

  // What shuts down

  @Test
  void executorsOfTheJdkPass() {
    Contracts.assertShutsDown(pool(1), PLENTY);
    Contracts.assertShutsDown(pool(4), PLENTY);
    Contracts.assertShutsDown(planted.executor(Executors.newCachedThreadPool()), PLENTY);
    Contracts.assertShutsDown(planted.executor(Executors.newSingleThreadExecutor()), PLENTY);
    Contracts.assertShutsDown(planted.executor(new ScheduledThreadPoolExecutor(1)), PLENTY);
    Contracts.assertShutsDown(
        planted.executor(Executors.newSingleThreadScheduledExecutor()), PLENTY);
    Contracts.assertShutsDown(planted.executor(new ForkJoinPool(2)), PLENTY);
    Contracts.assertShutsDown(new Custom(), PLENTY);
  }

  @Test
  void perTaskExecutorPasses() {
    Jdk21.assume();

    Contracts.assertShutsDown(planted.executor(Jdk21.virtualThreadPerTask()), PLENTY);
    Contracts.assertShutsDown(
        planted.executor(Jdk21.threadPerTask(body -> new Thread(body, "per-task"))), PLENTY);
  }

  @Test
  void workThatEndsMeanwhilePasses() {
    ThreadPoolExecutor pool = pool(1);
    pool.execute(
        () -> {
          while (!pool.isShutdown()) {
            Thread.onSpinWait();
          }
        });

    Contracts.assertShutsDown(pool, PLENTY);
  }

  @Test
  void periodicTaskPasses() {
    ScheduledThreadPoolExecutor timer = planted.executor(new ScheduledThreadPoolExecutor(1));
    timer.scheduleAtFixedRate(() -> {}, 0, 1, TimeUnit.HOURS);

    Contracts.assertShutsDown(timer, PLENTY);
  }

  @Test
  void callersThatRunRefusedWorkPass() {
    ThreadPoolExecutor pool =
        planted.executor(
            new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                (task, executor) -> {
                  if (executor.isShutdown()) {
                    throw new java.util.concurrent.RejectedExecutionException("shut down");
                  }
                  task.run();
                }));

    Contracts.assertShutsDown(pool, PLENTY);
  }

  // What does not

  @Test
  void taskThatHangsIsToldWithWhatWouldHaveHelped() {
    ThreadPoolExecutor pool = pool(1);
    planted.occupy(pool, 1);
    Planted.awaitWaitingIn(Golden.threadNamed("worker"), CountDownLatch.class);

    assertThat(message(failure(() -> Contracts.assertShutsDown(pool, BRIEF))))
        .isEqualTo(
            """
            LeakCheck: ThreadPoolExecutor did not shut down within 20 ms
                 state      1 active, 3 queued
                 unfinished 3 of 3 tasks that it accepted before shutdown()
                 hangs      worker
                            waiting in CountDownLatch.await(), without a time limit
                            at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                 then       shutdownNow() ended it
                 why        shutdown() waits for what runs and interrupts nobody: this does not end
                 fix        have the task end by itself, or call shutdownNow() when awaitTermination() returns false

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void taskThatIgnoresTheInterruptIsTold() {
    ThreadPoolExecutor pool = pool(2);
    CountDownLatch started = new CountDownLatch(1);
    pool.execute(
        () -> {
          started.countDown();
          stubborn.spin();
        });
    Planted.await(started);

    assertThat(message(failure(() -> Contracts.assertShutsDown(pool, BRIEF))))
        .contains(
            """
                 hangs      worker
                            running
                            at dev.leakcheck.contract.Stubborn.spin(Stubborn.java:LINE)
            """
                .indent(0),
            "then       shutdownNow() did not end it either, in 5.0 s",
            "fix        its interrupt flag is set and it runs on");
    stubborn.release();
  }

  @Test
  void hungVirtualThreadIsTold() {
    Jdk21.assume();
    ExecutorService executor = planted.executor(Jdk21.virtualThreadPerTask());
    planted.occupy(executor, 1);

    ContractError error = failure(() -> Contracts.assertShutsDown(executor, BRIEF));

    assertThat(error.fact("hangs").orElseThrow()).contains("(virtual)", "Planted.");
    assertThat(error.fact("then")).hasValue("shutdownNow() ended it");
  }

  @Test
  void hungForkJoinTaskIsTold() {
    ForkJoinPool pool = planted.executor(new ForkJoinPool(2));
    CountDownLatch started = new CountDownLatch(1);
    pool.execute(
        () -> {
          started.countDown();
          stubborn.swallow();
        });
    Planted.await(started);

    ContractError error = failure(() -> Contracts.assertShutsDown(pool, BRIEF));
    stubborn.release();

    assertThat(error.fact("hangs").orElseThrow()).contains("Stubborn.swallow");
    assertThat(error.fact("then").orElseThrow()).contains("did not end it");
    assertThat(error.fact("fix").orElseThrow()).contains("flag is clear again");
  }

  @Test
  void delayedTaskThatShutdownKeepsIsTold() {
    ScheduledThreadPoolExecutor timer = planted.executor(new ScheduledThreadPoolExecutor(1));
    timer.schedule(() -> {}, 1, TimeUnit.HOURS);

    // The markers are done by then, or the state would differ: what waits is the delayed task.
    ContractError error =
        failure(() -> Contracts.assertShutsDown(timer, java.time.Duration.ofMillis(500)));

    assertThat(error.fact("why"))
        .hasValue("1 delayed task waits for its time, and shutdown() keeps them");
    assertThat(error.fact("then")).hasValue("shutdownNow() ended it");
  }

  @Test
  void delayedTaskThatShutdownDropsPasses() {
    ScheduledThreadPoolExecutor timer = planted.executor(new ScheduledThreadPoolExecutor(1));
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.schedule(() -> {}, 1, TimeUnit.HOURS);

    Contracts.assertShutsDown(timer, PLENTY);
  }

  @Test
  void executorThatTakesNewWorkIsTold() {
    ExecutorService executor =
        new Custom() {
          @Override
          public void execute(Runnable task) {
            if (isShutdown()) {
              task.run();
            } else {
              super.execute(task);
            }
          }
        };

    assertThat(message(failure(() -> Contracts.assertShutsDown(executor, PLENTY))))
        .isEqualTo(
            """
            LeakCheck: AssertShutsDownTest$1 did not refuse new work after shutdown()
                 new work   accepted and run after shutdown()
                 why        who hands over work has to learn that it will not run, or it waits for it
                 fix        throw RejectedExecutionException once isShutdown() is true, such as by AbortPolicy

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void executorThatDropsNewWorkIsTold() {
    ThreadPoolExecutor pool = pool(1);
    pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());

    assertThat(failure(() -> Contracts.assertShutsDown(pool, PLENTY)).fact("new work"))
        .hasValue("neither refused by RejectedExecutionException nor run");
  }

  @Test
  void executorThatLosesWorkIsTold() {
    ExecutorService executor =
        new Custom() {
          @Override
          public void shutdown() {
            inner.shutdownNow();
          }
        };

    ContractError error = failure(() -> Contracts.assertShutsDown(executor, PLENTY));

    assertThat(error).hasMessageContaining("lost work that it had accepted");
    assertThat(error.fact("disturbed"))
        .hasValue("a task that was running was interrupted by shutdown()");
  }

  @Test
  void shutdownThatWaitsForTheWorkPasses() {
    ExecutorService executor =
        new Custom() {
          @Override
          public void shutdown() {
            inner.shutdown();
            try {
              assertThat(inner.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };

    Contracts.assertShutsDown(executor, PLENTY);
  }

  @Test
  void shutdownThatThrowsIsTold() {
    ExecutorService executor =
        new Custom() {
          @Override
          public void shutdown() {
            inner.shutdown();
            throw new IllegalStateException("no permission");
          }
        };

    assertThat(failure(() -> Contracts.assertShutsDown(executor, PLENTY)))
        .hasMessageContaining("threw an exception")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatCannotBeTriedIsTold() {
    ThreadPoolExecutor pool = pool(1);
    pool.shutdown();
    assertThat(failure(() -> Contracts.assertShutsDown(pool, PLENTY)))
        .hasMessageContaining("was shut down before");
    assertThat(failure(() -> Contracts.assertShutsDown(ForkJoinPool.commonPool(), PLENTY)))
        .hasMessageContaining("the common pool cannot be shut down");
    ThreadPoolExecutor full =
        planted.executor(
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>()));
    planted.occupy(full, 1);
    assertThat(failure(() -> Contracts.assertShutsDown(full, PLENTY)))
        .hasMessageContaining("refuses work before it is shut down");
  }

  // What is closed

  /** A service with a thread, which ends with it or not. */
  private final class Service implements AutoCloseable {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = planted.thread("service-loop", stop::await);
    private final boolean stops;

    Service(boolean stops) {
      this.stops = stops;
    }

    @Override
    public void close() throws InterruptedException {
      if (stops) {
        stop.countDown();
        thread.join();
      }
    }
  }

  @Test
  void serviceThatStopsItsThreadPasses() {
    Contracts.assertShutsDown(() -> new Service(true), PLENTY);
    Contracts.assertShutsDown(new Service(true), PLENTY);
  }

  @Test
  void serviceThatLeavesItsThreadIsTold() {
    Callable<Service> make = () -> new Service(false);

    ContractError error = failure(() -> Contracts.assertShutsDown(make, PLENTY));

    assertThat(error.leaks().orElseThrow().list())
        .singleElement()
        .satisfies(finding -> assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_THREAD));
    assertThat(error)
        .hasMessageContaining("close() returned, but left something behind")
        .hasMessageContaining("service-loop");
  }

  @Test
  void closeThatHangsIsTold() {
    AutoCloseable closeable = stubborn::swallow;

    ContractError error = failure(() -> Contracts.assertShutsDown(closeable, BRIEF));

    assertThat(message(error).replaceAll("AssertShutsDownTest\\S* ", "Service "))
        .isEqualTo(
            """
            LeakCheck: close() of Service did not return within 20 ms
                 thread     leakcheck-close
                 now        waiting in CountDownLatch.await(), without a time limit
                            at dev.leakcheck.contract.Stubborn.swallow(Stubborn.java:LINE)
                 why        it waits for something that does not end
                 fix        have what it waits for end first (interrupt it, close what it reads), and wait with a time limit

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void closeThatThrowsIsTold() {
    AutoCloseable closeable =
        () -> {
          throw new IllegalStateException("still in use");
        };

    assertThat(failure(() -> Contracts.assertShutsDown(closeable, PLENTY)).fact("threw"))
        .hasValue("java.lang.IllegalStateException: still in use");
  }

  @Test
  void executorIsShutDownWhateverItsStaticTypeIs() {
    Jdk21.assume();
    ExecutorService executor = planted.executor(Jdk21.virtualThreadPerTask());

    Contracts.assertShutsDown((AutoCloseable) (Object) executor, PLENTY);

    assertThat(executor.isTerminated()).isTrue();
  }
}
