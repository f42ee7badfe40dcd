package dev.leakcheck.corpus;

import static dev.leakcheck.corpus.Case.clean;
import static dev.leakcheck.corpus.Case.leaky;

import dev.leakcheck.corpus.Case.Visible;
import dev.leakcheck.model.LeakKind;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** Locks taken in the wrong order, for too long or once too often. */
final class LockCases {

  private LockCases() {}

  static List<Case> all() {
    return List.of(
        clean(
            "two monitors are taken in one order",
            LeakKind.DEADLOCK,
            stage -> {
              Object left = new Object();
              Object right = new Object();
              stage.start(() -> nest(left, right, new CountDownLatch(1)));
              stage.start(() -> nest(left, right, new CountDownLatch(1)));
            }),
        leaky(
                "two locks are taken in two orders",
                stage -> {
                  ReentrantLock left = new ReentrantLock();
                  ReentrantLock right = new ReentrantLock();
                  CountDownLatch both = new CountDownLatch(2);
                  Thread first = stage.start("first", () -> nest(left, right, both));
                  Thread second = stage.start("second", () -> nest(right, left, both));
                  awaitQueued(left, right, first, second);
                },
                LeakKind.DEADLOCK)
            .onBoth()
            .seen(Visible.VIRTUAL_WITH_AGENT),
        leaky(
                "three locks are taken in a ring",
                stage -> {
                  ReentrantLock a = new ReentrantLock();
                  ReentrantLock b = new ReentrantLock();
                  ReentrantLock c = new ReentrantLock();
                  CountDownLatch all = new CountDownLatch(3);
                  Thread first = stage.start("first", () -> nest(a, b, all));
                  Thread second = stage.start("second", () -> nest(b, c, all));
                  Thread third = stage.start("third", () -> nest(c, a, all));
                  awaitQueued(a, third);
                  awaitQueued(b, first);
                  awaitQueued(c, second);
                },
                LeakKind.DEADLOCK)
            .onBoth()
            .seen(Visible.VIRTUAL_WITH_AGENT),
        clean(
                "two locks are taken in two orders, with a time limit",
                LeakKind.DEADLOCK,
                stage -> {
                  ReentrantLock left = new ReentrantLock();
                  ReentrantLock right = new ReentrantLock();
                  CountDownLatch both = new CountDownLatch(2);
                  stage.start("first", () -> tryNest(left, right, both));
                  stage.start("second", () -> tryNest(right, left, both));
                })
            .onBoth(),
        leaky(
                "a read lock is to become a write lock",
                stage -> {
                  ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
                  stage.stuck(
                      "upgrading",
                      () -> {
                        lock.readLock().lockInterruptibly();
                        try {
                          lock.writeLock().lockInterruptibly();
                        } finally {
                          lock.readLock().unlock();
                        }
                      });
                },
                LeakKind.STRAY_THREAD)
            .onBoth(),
        clean(
                "a write lock becomes a read lock",
                LeakKind.STRAY_THREAD,
                stage -> {
                  ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
                  stage.start(
                      "downgrading",
                      () -> {
                        lock.writeLock().lock();
                        lock.readLock().lock();
                        lock.writeLock().unlock();
                        lock.readLock().unlock();
                      });
                })
            .onBoth(),
        leaky(
            "a callback under a lock waits for a thread that needs the lock",
            stage -> {
              ReentrantLock lock = new ReentrantLock();
              Thread needing =
                  stage.unstarted(
                      "needing",
                      () -> {
                        lock.lockInterruptibly();
                        lock.unlock();
                      });
              Thread calling =
                  stage.start(
                      "calling",
                      () -> {
                        lock.lockInterruptibly();
                        try {
                          needing.start();
                          needing.join(); // the listener
                        } finally {
                          lock.unlock();
                        }
                      });
              Stage.awaitParked(calling);
              awaitQueued(lock, needing);
            },
            LeakKind.STRAY_THREAD),
        clean(
            "a callback comes after the lock",
            LeakKind.STRAY_THREAD,
            stage -> {
              ReentrantLock lock = new ReentrantLock();
              Thread needing =
                  stage.unstarted(
                      "needing",
                      () -> {
                        lock.lockInterruptibly();
                        lock.unlock();
                      });
              stage.startAndJoin(
                  () -> {
                    lock.lockInterruptibly();
                    try {
                      needing.start();
                    } finally {
                      lock.unlock();
                    }
                    needing.join();
                  });
            }),
        leaky(
            "an exception skips the unlock",
            stage -> {
              ReentrantLock lock = new ReentrantLock();
              stage.lock = lock;
              try {
                lock.lock();
                failing();
                lock.unlock();
              } catch (IllegalStateException e) {
                stage.after(lock::unlock);
              }
            },
            LeakKind.HELD_LOCK),
        clean(
            "an exception comes past a finally",
            LeakKind.HELD_LOCK,
            stage -> {
              ReentrantLock lock = new ReentrantLock();
              stage.lock = lock;
              try {
                lock.lock();
                try {
                  failing();
                } finally {
                  lock.unlock();
                }
              } catch (IllegalStateException e) {
                // as it should
              }
            }),
        leaky(
            "a lock is unlocked once too few",
            stage -> {
              ReentrantLock lock = new ReentrantLock();
              stage.lock = lock;
              lock.lock();
              lock.lock();
              lock.unlock();
              stage.after(lock::unlock);
            },
            LeakKind.HELD_LOCK),
        leaky(
            "a write lock is never unlocked",
            stage -> {
              ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
              stage.lock = lock;
              lock.writeLock().lock();
              stage.after(lock.writeLock()::unlock);
            },
            LeakKind.HELD_LOCK),
        leaky(
            "a stamped lock is never unlocked",
            stage -> {
              StampedLock lock = new StampedLock();
              stage.lock = lock;
              long stamp = lock.writeLock();
              stage.after(() -> lock.unlockWrite(stamp));
            },
            LeakKind.HELD_LOCK),
        clean(
            "a stamped lock is unlocked",
            LeakKind.HELD_LOCK,
            stage -> {
              StampedLock lock = new StampedLock();
              stage.lock = lock;
              lock.unlockWrite(lock.writeLock());
            }),
        leaky(
                "a thread ends with a lock",
                stage -> {
                  ReentrantLock lock = new ReentrantLock();
                  stage.lock = lock;
                  stage.startAndJoin(lock::lock);
                },
                LeakKind.HELD_LOCK)
            .onBoth(),
        clean(
                "a thread unlocks before it ends",
                LeakKind.HELD_LOCK,
                stage -> {
                  ReentrantLock lock = new ReentrantLock();
                  stage.lock = lock;
                  stage.startAndJoin(
                      () -> {
                        lock.lock();
                        lock.unlock();
                      });
                })
            .onBoth(),
        // Last: what waits for a monitor cannot be ended.
        leaky(
            "two monitors are taken in two orders",
            stage -> {
              Object left = new Object();
              Object right = new Object();
              CountDownLatch both = new CountDownLatch(2);
              Thread first = stage.start("first", () -> nest(left, right, both));
              Thread second = stage.start("second", () -> nest(right, left, both));
              Stage.awaitParked(first);
              Stage.awaitParked(second);
            },
            LeakKind.DEADLOCK));
  }

  private static void failing() {
    throw new IllegalStateException("no price");
  }

  /** Holds one monitor and takes the other when others have come as far, if they ever do. */
  private static void nest(Object outer, Object inner, CountDownLatch held)
      throws InterruptedException {
    synchronized (outer) {
      held.countDown();
      held.await();
      synchronized (inner) {
        held.countDown();
      }
    }
  }

  private static void nest(Lock outer, Lock inner, CountDownLatch held)
      throws InterruptedException {
    outer.lockInterruptibly();
    try {
      held.countDown();
      held.await();
      inner.lockInterruptibly();
      inner.unlock();
    } finally {
      outer.unlock();
    }
  }

  private static void tryNest(Lock outer, Lock inner, CountDownLatch held)
      throws InterruptedException {
    outer.lockInterruptibly();
    try {
      held.countDown();
      held.await();
      if (inner.tryLock(20, TimeUnit.MILLISECONDS)) {
        inner.unlock();
      }
    } finally {
      outer.unlock();
    }
  }

  private static void awaitQueued(
      ReentrantLock one, ReentrantLock other, Thread wantsOther, Thread wantsOne) {
    awaitQueued(other, wantsOther);
    awaitQueued(one, wantsOne);
  }

  private static void awaitQueued(ReentrantLock lock, Thread thread) {
    while (!lock.hasQueuedThread(thread)) {
      Thread.yield();
    }
    Stage.awaitParked(thread);
  }
}
