package dev.leakcheck.corpus;

import static dev.leakcheck.corpus.Case.clean;
import static dev.leakcheck.corpus.Case.leaky;

import dev.leakcheck.Jdk21;
import dev.leakcheck.corpus.Case.Shape;
import dev.leakcheck.model.LeakKind;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Executors and timers that nobody stops, or that cannot be stopped. */
final class ExecutorCases {

  private ExecutorCases() {}

  static List<Case> all() {
    return List.of(
        leaky(
            "a pool is never shut down",
            stage -> stage.ending(Executors.newFixedThreadPool(2)).submit(() -> {}).get(),
            LeakKind.UNCLOSED_EXECUTOR),
        clean(
            "a pool is shut down",
            LeakKind.UNCLOSED_EXECUTOR,
            stage -> {
              ExecutorService pool = Executors.newFixedThreadPool(2);
              pool.submit(() -> {}).get();
              Stage.shutDown(pool);
            }),
        clean(
            "a pool is told to stop and takes its time",
            LeakKind.UNCLOSED_EXECUTOR,
            stage -> {
              ExecutorService pool = Executors.newFixedThreadPool(2);
              pool.submit(() -> {}).get();
              pool.shutdown();
            }),
        leaky(
            "a scheduled executor is never shut down",
            stage -> {
              ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
              stage.ending(pool).schedule(() -> {}, 1, TimeUnit.HOURS);
            },
            LeakKind.UNCLOSED_EXECUTOR),
        clean(
            "a scheduled executor is stopped with its delayed task",
            LeakKind.UNCLOSED_EXECUTOR,
            stage -> {
              ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
              pool.schedule(() -> {}, 1, TimeUnit.HOURS);
              pool.shutdownNow();
            }),
        leaky(
            "a fork-join pool is never shut down",
            stage -> stage.ending(new ForkJoinPool(2)).submit(() -> {}).get(),
            LeakKind.UNCLOSED_EXECUTOR),
        leaky(
            "a parallel stream waits inside a pool",
            stage -> {
              ForkJoinPool pool = stage.ending(new ForkJoinPool(2));
              CountDownLatch never = new CountDownLatch(1);
              CountDownLatch begun = new CountDownLatch(1);
              pool.execute(
                  () ->
                      IntStream.range(0, 4)
                          .parallel()
                          .forEach(
                              i -> {
                                begun.countDown();
                                Stage.awaitQuietly(never);
                              }));
              begun.await();
              stage.after(never::countDown);
            },
            LeakKind.UNCLOSED_EXECUTOR),
        clean(
            "a parallel stream ends inside a pool that is shut down",
            LeakKind.UNCLOSED_EXECUTOR,
            stage -> {
              ForkJoinPool pool = new ForkJoinPool(2);
              pool.submit(() -> IntStream.range(0, 64).parallel().sum()).get();
              Stage.shutDown(pool);
            }),
        leaky(
                "an executor of virtual threads is never closed",
                stage -> stage.ending(Jdk21.virtualThreadPerTask()).submit(() -> {}).get(),
                LeakKind.UNCLOSED_EXECUTOR)
            .with(Shape.VIRTUAL),
        clean(
                "an executor of virtual threads is closed",
                LeakKind.UNCLOSED_EXECUTOR,
                stage -> {
                  ExecutorService perTask = Jdk21.virtualThreadPerTask();
                  perTask.submit(() -> {}).get();
                  Stage.shutDown(perTask);
                })
            .with(Shape.VIRTUAL),
        leaky(
            "a pool waits for a future of its own",
            stage -> {
              ExecutorService pool = stage.ending(Executors.newFixedThreadPool(1));
              CountDownLatch begun = new CountDownLatch(1);
              pool.execute(
                  () -> {
                    CompletableFuture<Void> later = CompletableFuture.runAsync(() -> {}, pool);
                    begun.countDown();
                    joinQuietly(later);
                  });
              begun.await();
            },
            LeakKind.UNCLOSED_EXECUTOR),
        clean(
            "a pool with a thread to spare waits for a future of its own",
            LeakKind.UNCLOSED_EXECUTOR,
            stage -> {
              ExecutorService pool = Executors.newFixedThreadPool(2);
              pool.submit(() -> CompletableFuture.runAsync(() -> {}, pool).join()).get();
              Stage.shutDown(pool);
            }),
        leaky(
            "a bounded pool starves although it is shut down",
            stage -> {
              ExecutorService pool = stage.ending(Executors.newFixedThreadPool(1));
              CountDownLatch begun = new CountDownLatch(1);
              pool.execute(
                  () -> {
                    Future<?> inner = pool.submit(() -> {});
                    begun.countDown();
                    getQuietly(inner);
                  });
              begun.await();
              pool.shutdown();
            },
            LeakKind.STRAY_THREAD),
        leaky(
            "a shutdown is checked twice and never done",
            stage -> {
              Service service = new Service(stage.ending(Executors.newFixedThreadPool(1)));
              service.stopOnceWrong();
              service.stopOnceWrong();
            },
            LeakKind.UNCLOSED_EXECUTOR),
        clean(
            "a shutdown is checked twice and done once",
            LeakKind.UNCLOSED_EXECUTOR,
            stage -> {
              Service service = new Service(Executors.newFixedThreadPool(1));
              service.stopOnce();
              service.stopOnce();
            }),
        leaky(
            "a timer is never cancelled",
            stage -> {
              Timer timer = stage.after(new Timer("refresh", true), Timer::cancel);
              timer.schedule(task(), TimeUnit.HOURS.toMillis(1));
            },
            LeakKind.UNCANCELLED_TIMER),
        leaky(
            "a timer's task is cancelled and the timer is not",
            stage -> {
              Timer timer = stage.after(new Timer("refresh", true), Timer::cancel);
              TimerTask task = task();
              timer.schedule(task, TimeUnit.HOURS.toMillis(1));
              task.cancel();
            },
            LeakKind.UNCANCELLED_TIMER),
        clean(
            "a timer is cancelled",
            LeakKind.UNCANCELLED_TIMER,
            stage -> {
              Timer timer = new Timer("refresh", true);
              timer.schedule(task(), TimeUnit.HOURS.toMillis(1));
              timer.cancel();
            }),
        clean(
            "a pool of the fixture gets another task",
            LeakKind.UNCLOSED_EXECUTOR,
            stage -> stage.fixture().submit(() -> {}).get()));
  }

  private static TimerTask task() {
    return new TimerTask() {
      @Override
      public void run() {}
    };
  }

  private static void getQuietly(Future<?> future) {
    try {
      future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void joinQuietly(CompletableFuture<Void> future) {
    getQuietly(future);
  }

  private record Service(ExecutorService pool, AtomicBoolean stopped) {

    Service(ExecutorService pool) {
      this(pool, new AtomicBoolean());
      pool.execute(() -> {});
    }

    void stopOnceWrong() {
      if (stopped.get() && stopped.compareAndSet(false, true)) {
        pool.shutdown();
      }
    }

    void stopOnce() {
      if (!stopped.get() && stopped.compareAndSet(false, true)) {
        pool.shutdown();
      }
    }
  }
}
