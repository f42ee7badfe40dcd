package vendor.stuck;

import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Something to wait for, with a time limit or without, and to wake who waits. */
interface RandomThing {

  void await() throws Exception;

  /** The same for a long time at the most. */
  void awaitLong() throws Exception;

  void wake() throws Exception;

  /** In seconds; no test takes so long. */
  long LONG = 1_000_000;

  /** Some kind or other; a monitor only if it may be one. */
  static RandomThing any(Random random, boolean monitors) {
    switch (random.nextInt(monitors ? 9 : 8)) {
      case 0:
        return new Queue(new LinkedBlockingQueue<>());
      case 1:
        return new Queue(new ArrayBlockingQueue<>(1));
      case 2:
        return new Queue(new SynchronousQueue<>());
      case 3:
        CountDownLatch latch = new CountDownLatch(1);
        return of(latch::await, () -> latch.await(LONG, TimeUnit.SECONDS), latch::countDown);
      case 4:
        Semaphore semaphore = new Semaphore(0);
        return of(
            semaphore::acquire,
            () -> semaphore.tryAcquire(LONG, TimeUnit.SECONDS),
            semaphore::release);
      case 5:
        CompletableFuture<Object> future = new CompletableFuture<>();
        return of(future::get, () -> future.get(LONG, TimeUnit.SECONDS), () -> future.complete(""));
      case 6:
        return new Exchange(new Exchanger<>());
      case 7:
        ReentrantLock lock = new ReentrantLock();
        return new Signal(lock, lock.newCondition());
      default:
        return new Notice(new Object());
    }
  }

  private static RandomThing of(
      StuckCases.Waits waits, StuckCases.Waits waitsLong, StuckCases.Waits wakes) {
    return new RandomThing() {
      @Override
      public void await() throws Exception {
        waits.run();
      }

      @Override
      public void awaitLong() throws Exception {
        waitsLong.run();
      }

      @Override
      public void wake() throws Exception {
        wakes.run();
      }
    };
  }

  /** A queue. */
  record Queue(BlockingQueue<Object> queue) implements RandomThing {
    @Override
    public void await() throws InterruptedException {
      queue.take();
    }

    @Override
    public void awaitLong() throws InterruptedException {
      queue.poll(LONG, TimeUnit.SECONDS);
    }

    @Override
    public void wake() {
      queue.offer("");
    }
  }

  /** An exchanger. */
  record Exchange(Exchanger<Object> exchanger) implements RandomThing {
    @Override
    public void await() throws InterruptedException {
      exchanger.exchange("");
    }

    @Override
    public void awaitLong() throws InterruptedException, TimeoutException {
      exchanger.exchange("", LONG, TimeUnit.SECONDS);
    }

    @Override
    public void wake() throws InterruptedException {
      try {
        exchanger.exchange("", 1, TimeUnit.MILLISECONDS);
      } catch (TimeoutException nobodyWaits) {
        // Then there is nobody to wake.
      }
    }
  }

  /** A condition. */
  record Signal(ReentrantLock lock, Condition condition) implements RandomThing {
    @Override
    public void await() throws InterruptedException {
      lock.lock();
      try {
        condition.await();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void awaitLong() throws InterruptedException {
      lock.lock();
      try {
        condition.await(LONG, TimeUnit.SECONDS);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void wake() {
      lock.lock();
      try {
        condition.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** A monitor that one waits on. */
  record Notice(Object monitor) implements RandomThing {
    @Override
    public void await() throws InterruptedException {
      synchronized (monitor) {
        monitor.wait();
      }
    }

    @Override
    public void awaitLong() throws InterruptedException {
      synchronized (monitor) {
        monitor.wait(TimeUnit.SECONDS.toMillis(LONG));
      }
    }

    @Override
    public void wake() {
      synchronized (monitor) {
        monitor.notifyAll();
      }
    }
  }
}
