package dev.leakcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.ThreadRecord;
import dev.leakcheck.model.Wait;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether an interrupt ends a wait is said as it is: a thread in each is interrupted. */
class InterruptsTest {

  /** A wait in a method of the JDK's, whose name is a pattern. */
  record Case(String method, Body body) {
    @Override
    public String toString() {
      return method;
    }
  }

  private interface Body {
    void run(InterruptsTest world) throws Exception;
  }

  @AutoClose private final Planted planted = new Planted();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantReadWriteLock readWrite = new ReentrantReadWriteLock();
  private final StampedLock stamped = new StampedLock();
  private final Semaphore semaphore = new Semaphore(0);
  private final Phaser phaser = new Phaser(2);
  private final CompletableFuture<String> future = new CompletableFuture<>();
  private final ForkJoinPool pool = new ForkJoinPool(1);

  /** Does nothing, and is not done. */
  private final CountedCompleter<String> pending =
      new CountedCompleter<>(null, 1) {
        private static final long serialVersionUID = 1;

        @Override
        public void compute() {}
      };

  private final ExecutorService executor = Executors.newFixedThreadPool(1);
  private final SubmissionPublisher<Integer> publisher =
      new SubmissionPublisher<>(Runnable::run, 1);
  private final PriorityBlockingQueue<Integer> sorted =
      new PriorityBlockingQueue<>(1, (a, b) -> waitUntilOver());
  private final ReentrantLock own = new ReentrantLock();
  private final Condition condition = own.newCondition();

  static Stream<Case> cases() {
    return Stream.of(
        new Case("sleep", world -> Thread.sleep(3_600_000)),
        new Case("await", world -> world.over.await()),
        new Case("await", world -> new CyclicBarrier(2).await()),
        new Case("exchange", world -> new Exchanger<>().exchange("")),
        new Case("acquire", world -> world.semaphore.acquire()),
        new Case("acquireUninterruptibly", world -> world.semaphore.acquireUninterruptibly()),
        new Case("lock", world -> world.lock.lock()),
        new Case("lockInterruptibly", world -> world.lock.lockInterruptibly()),
        new Case("tryLock", world -> world.lock.tryLock(1, TimeUnit.HOURS)),
        new Case("lock", world -> world.readWrite.readLock().lock()),
        new Case("lock", world -> world.readWrite.writeLock().lock()),
        new Case("readLock", world -> world.stamped.readLock()),
        new Case("writeLock", world -> world.stamped.writeLock()),
        new Case("readLockInterruptibly", world -> world.stamped.readLockInterruptibly()),
        new Case("tryWriteLock", world -> world.stamped.tryWriteLock(1, TimeUnit.HOURS)),
        new Case("await", world -> world.holding(world.condition::await)),
        new Case(
            "awaitUninterruptibly",
            world -> world.holding(() -> world.condition.awaitUninterruptibly())),
        new Case("arriveAndAwaitAdvance", world -> world.phaser.arriveAndAwaitAdvance()),
        new Case("awaitAdvance", world -> world.phaser.awaitAdvance(0)),
        new Case("awaitAdvanceInterruptibly", world -> world.phaser.awaitAdvanceInterruptibly(0)),
        new Case("get", world -> world.future.get()),
        new Case("join", world -> world.future.join()),
        new Case("get", world -> world.future.get(1, TimeUnit.HOURS)),
        new Case("get", world -> new FutureTask<>(() -> "").get()),
        new Case("get", world -> world.pool.submit(world.busy()).get()),
        new Case("get", world -> world.pool.submit(world.busy()).get(1, TimeUnit.HOURS)),
        new Case("join", world -> world.pool.submit(world.busy()).join()),
        new Case("quietlyJoin", world -> world.pool.submit(world.busy()).quietlyJoin()),
        new Case("join.*", world -> world.pool.invoke(ForkJoinTask.adapt(world.busy()))),
        new Case("awaitDone|quietlyJoin.*", world -> world.pool.invokeAll(List.of(world.call()))),
        new Case("get.*", world -> world.pool.invokeAny(List.of(world.call()))),
        new Case("invoke", world -> world.pending.invoke()),
        new Case("quietlyInvoke", world -> world.pending.quietlyInvoke()),
        new Case("invokeAll", world -> world.executor.invokeAll(List.of(world.call()))),
        new Case("invokeAny", world -> world.executor.invokeAny(List.of(world.call()))),
        new Case("awaitTermination", world -> world.executor.awaitTermination(1, TimeUnit.HOURS)),
        new Case("awaitTermination", world -> world.pool.awaitTermination(1, TimeUnit.HOURS)),
        new Case("awaitQuiescence", InterruptsTest::awaitQuiescence),
        new Case("submit", InterruptsTest::submit),
        new Case("offer", InterruptsTest::offer),
        new Case("take", world -> new LinkedBlockingQueue<>().take()),
        new Case("poll", world -> new LinkedBlockingQueue<>().poll(1, TimeUnit.HOURS)),
        new Case("put", world -> new SynchronousQueue<>().put("")),
        new Case("put", InterruptsTest::putIntoFull),
        new Case("put", InterruptsTest::putIntoSorted),
        new Case("take", InterruptsTest::takeFromSorted),
        new Case("poll", InterruptsTest::pollFromSorted));
  }

  @AfterEach
  void release() {
    over.countDown();
    semaphore.release(10);
    phaser.forceTermination();
    future.complete("");
    pending.complete("");
    pool.shutdownNow();
    executor.shutdownNow();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whetherAnInterruptEndsAWaitIsSaidAsItIs(Case wait) throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    planted.thread("holder", () -> hold(held));
    held.await();
    Thread thread =
        planted.thread(
            "waiter",
            () -> {
              try {
                wait.body.run(this);
              } catch (Exception ended) {
                return;
              }
            });

    Wait said = awaitWaitIn(thread, wait.method);
    thread.interrupt();

    if (said.interruptible()) {
      Planted.awaitEnd(thread);
    } else {
      thread.join(200);
      assertThat(thread.isAlive()).as(said + " goes on").isTrue();
      release();
      Planted.awaitEnd(thread);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pauseInTheJdksOwnLoopIsNoTimeLimit(boolean characters) throws Exception {
    try (PipedOutputStream out = new PipedOutputStream();
        PipedInputStream bytes = new PipedInputStream(out);
        PipedWriter writer = new PipedWriter();
        PipedReader reader = new PipedReader(writer)) {
      Thread thread =
          planted.thread(
              "reader",
              () -> {
                try {
                  int read = characters ? reader.read() : bytes.read();
                  assertThat(read).isNegative();
                } catch (IOException interrupted) {
                  return;
                }
              });
      Planted.awaitTimedWaiting(thread);

      Wait said = Wait.of(LiveThreads.describe(List.of(thread)).get(0));

      assertThat(said.kind()).isEqualTo(Wait.Kind.IO);
      assertThat(said.timed()).isFalse();
    }
  }

  @Test
  void limitOfASocketIsATimeLimit() {
    ThreadRecord reader =
        new ThreadRecord(
            1,
            "reader",
            true,
            true,
            Thread.State.TIMED_WAITING,
            "java.lang.VirtualThread",
            "",
            List.of(
                new StackTraceElement("java.lang.VirtualThread", "parkNanos", null, -1),
                new StackTraceElement("sun.nio.ch.NioSocketImpl", "park", null, -1),
                new StackTraceElement("java.net.Socket$SocketInputStream", "read", null, -1)),
            null,
            null);

    assertThat(Wait.of(reader).timed()).isTrue();
  }

  private static Wait awaitWaitIn(Thread thread, String method) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      List<ThreadRecord> records = LiveThreads.describe(List.of(thread));
      Wait wait = records.isEmpty() ? null : Wait.of(records.get(0));
      if (wait != null && wait.method().matches(method)) {
        return wait;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("not in " + method + "(): " + records);
      }
      Thread.onSpinWait();
    }
  }

  // What the cases need

  private int waitUntilOver() {
    boolean interrupted = false;
    while (true) {
      try {
        over.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private Runnable busy() {
    return this::waitUntilOver;
  }

  private Callable<Integer> call() {
    return this::waitUntilOver;
  }

  private void hold(CountDownLatch held) {
    lock.lock();
    readWrite.writeLock().lock();
    long stamp = stamped.writeLock();
    held.countDown();
    waitUntilOver();
    stamped.unlockWrite(stamp);
    readWrite.writeLock().unlock();
    lock.unlock();
    own.lock();
    condition.signalAll();
    own.unlock();
  }

  private void holding(Planted.Body body) throws Exception {
    own.lock();
    try {
      body.run();
    } finally {
      own.unlock();
    }
  }

  private void awaitQuiescence() {
    CountDownLatch runs = new CountDownLatch(1);
    pool.execute(
        () -> {
          runs.countDown();
          waitUntilOver();
        });
    Planted.await(runs); // else it would run the task itself
    pool.awaitQuiescence(1, TimeUnit.HOURS);
  }

  /** To somebody who requests nothing, until it is over. */
  private void subscribe() {
    publisher.subscribe(
        WaitCases.idleSubscriber(
            subscription ->
                planted.thread(
                    "subscriber",
                    () -> {
                      waitUntilOver();
                      subscription.cancel();
                    })));
  }

  private void submit() {
    subscribe();
    for (int i = 0; i < 10; i++) {
      publisher.submit(i);
    }
  }

  private void offer() {
    subscribe();
    for (int i = 0; i < 10; i++) {
      publisher.offer(i, 1, TimeUnit.HOURS, null);
    }
  }

  private static void putIntoFull(InterruptsTest world) throws Exception {
    ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
    queue.put("");
    queue.put("");
  }

  /** Somebody compares elements, which holds the queue's lock. */
  private void sort() {
    sorted.put(1);
    Thread sorting = planted.thread("sorting", () -> sorted.put(2));
    Planted.awaitWaitingIn(sorting, CountDownLatch.class);
  }

  private void putIntoSorted() {
    sort();
    sorted.put(3);
  }

  private void takeFromSorted() throws InterruptedException {
    sort();
    sorted.take();
  }

  private void pollFromSorted() {
    sort();
    sorted.poll();
  }
}
