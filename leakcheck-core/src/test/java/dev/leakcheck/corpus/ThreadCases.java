package dev.leakcheck.corpus;

import static dev.leakcheck.corpus.Case.clean;
import static dev.leakcheck.corpus.Case.leaky;

import dev.leakcheck.model.LeakKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Threads that wait for what does not come, or that do not listen. */
final class ThreadCases {

  private ThreadCases() {}

  static List<Case> all() {
    return List.of(
        leaky(
                "a latch is never counted down",
                stage -> {
                  CountDownLatch latch = new CountDownLatch(1);
                  stage.stuck("waiter", latch::await);
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "a latch is counted down",
                LeakKind.STRAY_THREAD,
                stage -> {
                  CountDownLatch latch = new CountDownLatch(1);
                  stage.stuck("waiter", latch::await);
                  latch.countDown();
                })
            .onBoth(),
        leaky(
                "a barrier is short of a party",
                stage -> {
                  CyclicBarrier barrier = new CyclicBarrier(2);
                  stage.stuck("party", barrier::await);
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "all parties of a barrier come",
                LeakKind.STRAY_THREAD,
                stage -> {
                  CyclicBarrier barrier = new CyclicBarrier(2);
                  stage.start(barrier::await);
                  barrier.await();
                })
            .onBoth(),
        leaky(
                "a phaser is short of a party",
                stage -> {
                  Phaser phaser = new Phaser(2);
                  stage.stuck("party", phaser::arriveAndAwaitAdvance);
                  stage.after(phaser::forceTermination);
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "all parties of a phaser arrive",
                LeakKind.STRAY_THREAD,
                stage -> {
                  Phaser phaser = new Phaser(2);
                  stage.start(phaser::arriveAndAwaitAdvance);
                  phaser.arriveAndAwaitAdvance();
                })
            .onBoth(),
        leaky(
                "a condition is signalled before anybody awaits it",
                stage -> {
                  ReentrantLock lock = new ReentrantLock();
                  Condition done = lock.newCondition();
                  lock.lock();
                  done.signalAll();
                  lock.unlock();
                  stage.stuck(
                      "waiter",
                      () -> {
                        lock.lock();
                        try {
                          done.await();
                        } finally {
                          lock.unlock();
                        }
                      });
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "a condition's state is looked at before it is awaited",
                LeakKind.STRAY_THREAD,
                stage -> {
                  ReentrantLock lock = new ReentrantLock();
                  Condition changed = lock.newCondition();
                  AtomicBoolean done = new AtomicBoolean();
                  lock.lock();
                  done.set(true);
                  changed.signalAll();
                  lock.unlock();
                  stage.startAndJoin(
                      () -> {
                        lock.lock();
                        try {
                          while (!done.get()) {
                            changed.await();
                          }
                        } finally {
                          lock.unlock();
                        }
                      });
                })
            .onBoth(),
        leaky(
            "nobody notifies",
            stage -> {
              Object monitor = new Object();
              stage.stuck(
                  "waiter",
                  () -> {
                    synchronized (monitor) {
                      while (true) {
                        monitor.wait();
                      }
                    }
                  });
            },
            LeakKind.STRAY_THREAD),
        leaky(
                "a permit is never given back",
                stage -> {
                  Semaphore permits = new Semaphore(1);
                  permits.acquire();
                  stage.stuck("waiter", permits::acquire);
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "a permit is given back",
                LeakKind.STRAY_THREAD,
                stage -> {
                  Semaphore permits = new Semaphore(1);
                  permits.acquire();
                  stage.stuck("waiter", permits::acquire);
                  permits.release();
                })
            .onBoth(),
        leaky(
                "nobody comes to exchange",
                stage -> {
                  Exchanger<Object> exchanger = new Exchanger<>();
                  stage.stuck("partner", () -> exchanger.exchange("mine"));
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "two come to exchange",
                LeakKind.STRAY_THREAD,
                stage -> {
                  Exchanger<Object> exchanger = new Exchanger<>();
                  stage.start(() -> exchanger.exchange("mine"));
                  exchanger.exchange("yours");
                })
            .onBoth(),
        leaky(
                "a future is never completed",
                stage -> {
                  CompletableFuture<Object> reply = new CompletableFuture<>();
                  stage.stuck("caller", reply::get);
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "a future is completed",
                LeakKind.STRAY_THREAD,
                stage -> {
                  CompletableFuture<Object> reply = new CompletableFuture<>();
                  stage.stuck("caller", reply::get);
                  reply.complete("reply");
                })
            .onBoth(),
        leaky(
                "a thread joins one that does not end",
                stage -> {
                  CountDownLatch never = new CountDownLatch(1);
                  Thread stuck = stage.stuck("stuck", never::await);
                  stage.stuck("joining", stuck::join);
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        leaky(
                "a loop swallows the interrupt",
                stage -> {
                  AtomicBoolean stop = new AtomicBoolean();
                  stage.after(() -> stop.set(true));
                  Thread poller =
                      stage.start(
                          "poller",
                          () -> {
                            while (!stop.get()) {
                              try {
                                Thread.sleep(10);
                              } catch (InterruptedException e) {
                                // and on it goes
                              }
                            }
                          });
                  poller.interrupt();
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "a loop ends on an interrupt",
                LeakKind.STRAY_THREAD,
                stage -> {
                  Thread poller =
                      stage.start(
                          "poller",
                          () -> {
                            while (!Thread.currentThread().isInterrupted()) {
                              Thread.sleep(10);
                            }
                          });
                  poller.interrupt();
                })
            .onBoth(),
        leaky(
            "a loop spins on a flag that nobody sets",
            stage -> {
              AtomicBoolean stop = new AtomicBoolean();
              stage.after(() -> stop.set(true));
              stage.start(
                  "spinning",
                  () -> {
                    while (!stop.get()) {
                      Thread.onSpinWait();
                    }
                  });
            },
            LeakKind.STRAY_THREAD),
        clean(
            "a loop spins until its flag is set",
            LeakKind.STRAY_THREAD,
            stage -> {
              AtomicBoolean stop = new AtomicBoolean();
              stage.start(
                  "spinning",
                  () -> {
                    while (!stop.get()) {
                      Thread.onSpinWait();
                    }
                  });
              stop.set(true);
            }),
        leaky(
                "a server socket is never closed",
                stage -> {
                  ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                  stage.start("acceptor", () -> accept(server));
                  stage.after(server::close);
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "a server socket is closed",
                LeakKind.STRAY_THREAD,
                stage -> {
                  ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                  stage.start("acceptor", () -> accept(server));
                  server.close();
                })
            .onBoth(),
        leaky(
                "a thread sleeps for an hour", //
                stage -> stage.start("sleeper", () -> Thread.sleep(3_600_000)),
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "a thread still works when the scope closes",
                LeakKind.STRAY_THREAD,
                stage -> stage.start("worker", () -> Thread.sleep(20)))
            .onBoth());
  }

  private static void accept(ServerSocket server) {
    try {
      server.accept().close();
    } catch (IOException e) {
      // it was closed
    }
  }
}
