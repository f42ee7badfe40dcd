package dev.leakcheck.corpus;

import static dev.leakcheck.corpus.Case.clean;
import static dev.leakcheck.corpus.Case.leaky;

import dev.leakcheck.corpus.Case.Visible;
import dev.leakcheck.model.LeakKind;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Exceptions that nobody sees, and interrupts that nobody meant. */
final class FailureCases {

  private FailureCases() {}

  static List<Case> all() {
    return List.of(
        leaky(
                "an assertion fails in a background thread",
                stage ->
                    Stage.join(
                        started(
                            stage.failing(
                                "asserting",
                                (Runnable)
                                    () -> {
                                      throw new AssertionError("3 orders expected");
                                    }))),
                LeakKind.UNCAUGHT_EXCEPTION)
            .onBoth(),
        clean(
                "a thread's own handler gets its exception",
                LeakKind.UNCAUGHT_EXCEPTION,
                stage -> {
                  CountDownLatch seen = new CountDownLatch(1);
                  Thread thread =
                      stage.failing(
                          "failing",
                          (Runnable)
                              () -> {
                                throw new IllegalStateException("no price");
                              });
                  thread.setUncaughtExceptionHandler((failed, e) -> seen.countDown());
                  thread.start();
                  seen.await();
                })
            .onBoth(),
        leaky(
            "a task of a pool throws",
            stage -> {
              ExecutorService pool = Executors.newFixedThreadPool(1);
              pool.execute(
                  () -> {
                    throw new IllegalStateException("no price");
                  });
              // the next worker runs it: shutdown() would interrupt one that is dying
              pool.submit(() -> {}).get();
              Stage.shutDown(pool);
            },
            LeakKind.UNCAUGHT_EXCEPTION),
        clean(
            "a task of a pool throws and its future is asked",
            LeakKind.UNCAUGHT_EXCEPTION,
            stage -> {
              ExecutorService pool = Executors.newFixedThreadPool(1);
              ask(
                  pool.submit(
                      () -> {
                        throw new IllegalStateException("no price");
                      }));
              Stage.shutDown(pool);
            }),
        leaky(
                "a task of a pool throws and its future is forgotten",
                stage -> {
                  ExecutorService pool = Executors.newFixedThreadPool(1);
                  Future<?> forgotten =
                      pool.submit(
                          (Runnable)
                              () -> {
                                throw new IllegalStateException("no price");
                              });
                  if (forgotten.isCancelled()) {
                    throw new IllegalStateException("nobody cancelled it");
                  }
                  Stage.shutDown(pool);
                },
                LeakKind.UNCAUGHT_EXCEPTION)
            .seen(Visible.WITH_AGENT),
        leaky(
                "a scheduled task throws and is never run again",
                stage -> {
                  ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
                  CountDownLatch begun = new CountDownLatch(1);
                  Future<?> schedule =
                      pool.scheduleAtFixedRate(
                          () -> {
                            begun.countDown();
                            throw new IllegalStateException("no price");
                          },
                          0,
                          1,
                          TimeUnit.MILLISECONDS);
                  begun.await();
                  while (!schedule.isDone()) {
                    Thread.yield();
                  }
                  Stage.shutDown(pool);
                },
                LeakKind.UNCAUGHT_EXCEPTION)
            .seen(Visible.WITH_AGENT),
        clean(
            "a scheduled task catches what it throws",
            LeakKind.UNCAUGHT_EXCEPTION,
            stage -> {
              ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
              CountDownLatch runs = new CountDownLatch(3);
              pool.scheduleAtFixedRate(
                  () -> {
                    try {
                      throw new IllegalStateException("no price");
                    } catch (IllegalStateException e) {
                      runs.countDown();
                    }
                  },
                  0,
                  1,
                  TimeUnit.MILLISECONDS);
              runs.await();
              Stage.shutDown(pool);
            }),
        clean(
            "one of several ways fails and another does it",
            LeakKind.UNCAUGHT_EXCEPTION,
            stage -> {
              ExecutorService pool = Executors.newFixedThreadPool(1);
              Callable<String> failing =
                  () -> {
                    throw new IllegalStateException("no price");
                  };
              pool.invokeAny(List.of(failing, () -> "a price"));
              Stage.shutDown(pool);
            }),
        clean(
            "a task is cancelled and fails of that",
            LeakKind.UNCAUGHT_EXCEPTION,
            stage -> {
              ExecutorService pool = Executors.newFixedThreadPool(1);
              CountDownLatch begun = new CountDownLatch(1);
              Future<?> task =
                  pool.submit(
                      () -> {
                        begun.countDown();
                        Thread.sleep(3_600_000);
                        return "late";
                      });
              begun.await();
              task.cancel(true);
              Stage.shutDown(pool);
            }),
        leaky(
            "the test's thread is left interrupted",
            stage -> Thread.currentThread().interrupt(),
            LeakKind.STRAY_INTERRUPT),
        clean(
            "an interrupt is used up",
            LeakKind.STRAY_INTERRUPT,
            stage -> {
              Thread.currentThread().interrupt();
              if (!Thread.interrupted()) {
                throw new IllegalStateException("was interrupted");
              }
            }));
  }

  private static Thread started(Thread thread) {
    thread.start();
    return thread;
  }

  private static void ask(Future<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      // as it should
    }
  }
}
