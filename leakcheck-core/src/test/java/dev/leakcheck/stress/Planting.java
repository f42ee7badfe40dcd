package dev.leakcheck.stress;

import dev.leakcheck.Jdk21;
import dev.leakcheck.capture.base.Identity;
import dev.leakcheck.capture.objects.WorkerExecutors;
import dev.leakcheck.capture.threads.LiveThreads;
import dev.leakcheck.model.LeakKind;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes things at random, ends most of them, leaves some, and knows which. What it ends has ended
 * when the method returns, the threads of a terminated pool included, and what it leaves has come
 * to rest: a check that does not wait has to tell them apart.
 */
final class Planting {

  private static final int MOST_THINGS = 5;
  private static final int MOST_DEPTH = 3;
  private static final int LEAK_ONE_IN = 4;
  private static final long PATIENCE_SECONDS = 30;

  /** Where queues stay reachable. */
  private static final Map<Integer, BlockingQueue<Object>> HOLDER = new ConcurrentHashMap<>();

  /** A fixture from before all scopes, which works for all of them. */
  private static final ExecutorService SHARED = Executors.newFixedThreadPool(3);

  private final Tally tally;
  private final boolean queuesAreJudged;
  private final Set<String> leaks = ConcurrentHashMap.newKeySet();
  private final Queue<Step> ends = new ConcurrentLinkedQueue<>();
  private final CountDownLatch released = new CountDownLatch(1);

  /** Something that may fail. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /**
   * Nothing planted yet.
   *
   * @param queuesAreJudged whether a filled queue may be left
   */
  Planting(Tally tally, boolean queuesAreJudged) {
    this.tally = tally;
    this.queuesAreJudged = queuesAreJudged;
  }

  /** Each leak: its kind and its identity. */
  Set<String> leaks() {
    return leaks;
  }

  /** Ends what was left. */
  void end() throws Exception {
    released.countDown();
    for (Step end : ends) {
      end.run();
    }
  }

  void makeSome(SplittableRandom random, int depth) throws Exception {
    for (int count = random.nextInt(MOST_THINGS + 1); count > 0; count--) {
      make(random, depth, true);
    }
  }

  private void make(SplittableRandom random, int depth, boolean mayLeak) throws Exception {
    boolean leaks = mayLeak && random.nextInt(LEAK_ONE_IN) == 0;
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> executor(random, depth, leaks, mayLeak);
      case 3, 4, 5, 6 -> thread(random, depth, leaks, mayLeak);
      case 7 -> queue(random, leaks);
      case 8 -> timer(leaks);
      case 9 -> forgottenPool(leaks);
      case 10 -> byOthers(random);
      default -> {
        if (depth < MOST_DEPTH) {
          Checked.check(tally, random, depth + 1);
        }
      }
    }
  }

  private void nested(SplittableRandom random, int depth, boolean mayLeak) throws Exception {
    if (random.nextInt(4) == 0) {
      TimeUnit.MICROSECONDS.sleep(50);
    }
    if (depth < MOST_DEPTH && random.nextBoolean()) {
      make(random, depth + 1, mayLeak);
    }
  }

  private void leave(boolean leaks, LeakKind kind, Object identity, Step end) throws Exception {
    if (leaks) {
      this.leaks.add(kind.id() + " " + identity);
      ends.add(end);
    } else {
      end.run();
    }
  }

  private void executor(SplittableRandom random, int depth, boolean leaks, boolean mayLeak)
      throws Exception {
    Workers workers = new Workers(Jdk21.AVAILABLE && random.nextInt(4) == 0);
    ExecutorService executor = executor(random, workers);
    for (int tasks = random.nextInt(3); tasks > 0; tasks--) {
      SplittableRandom own = random.split();
      executor
          .submit(
              () -> {
                nested(own, depth, mayLeak);
                return own;
              })
          .get();
    }
    if (random.nextInt(4) == 0) {
      Checked.pass(tally, () -> executor.submit(() -> {}).get());
    }
    if (leaks && random.nextBoolean()) {
      CountDownLatch started = new CountDownLatch(1);
      executor.execute(() -> waitForRelease(started));
      await(started);
    }
    leave(
        leaks,
        LeakKind.UNCLOSED_EXECUTOR,
        Identity.of(WorkerExecutors.unwrap(executor)),
        () -> {
          executor.shutdown();
          if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(executor + " did not terminate");
          }
          workers.join();
        });
  }

  private static ExecutorService executor(SplittableRandom random, Workers workers) {
    return switch (random.nextInt(Jdk21.AVAILABLE ? 7 : 5)) {
      case 0 -> Executors.newFixedThreadPool(1 + random.nextInt(3), workers);
      case 1 -> Executors.newSingleThreadExecutor(workers);
      case 2 -> Executors.newScheduledThreadPool(1, workers);
      case 3 -> Executors.newCachedThreadPool(workers);
      case 4 -> new ForkJoinPool(2, workers, null, random.nextBoolean());
      default -> Jdk21.threadPerTask(workers);
    };
  }

  private void thread(SplittableRandom random, int depth, boolean leaks, boolean mayLeak)
      throws Exception {
    boolean virtual = Jdk21.AVAILABLE && random.nextBoolean();
    boolean onQueue = random.nextInt(3) == 0;
    SplittableRandom own = random.split();
    CountDownLatch started = new CountDownLatch(1);
    Failures failures = new Failures();
    Runnable body =
        () -> {
          failures.keep(() -> nested(own, depth, mayLeak));
          if (leaks && onQueue) {
            waitForElement(started);
          } else if (leaks) {
            waitForRelease(started);
          }
        };
    Thread thread = virtual ? Jdk21.virtualThreads().newThread(body) : new Thread(body, "planted");
    thread.start();
    if (leaks) {
      await(started);
      awaitRest(thread);
    }
    leave(
        leaks,
        onQueue
            ? LeakKind.STUCK_ON_QUEUE
            : virtual ? LeakKind.STRAY_VIRTUAL_THREAD : LeakKind.STRAY_THREAD,
        LiveThreads.id(thread),
        () -> {
          if (onQueue && leaks) {
            thread.interrupt();
          }
          Workers.join(thread);
        });
    failures.rethrow();
  }

  private void queue(SplittableRandom random, boolean leaks) {
    BlockingQueue<Object> queue =
        switch (random.nextInt(5)) {
          case 0 -> new LinkedBlockingQueue<>();
          case 1 -> new ArrayBlockingQueue<>(3);
          case 2 -> new LinkedBlockingDeque<>();
          case 3 -> new PriorityBlockingQueue<>();
          default -> new LinkedTransferQueue<>();
        };
    queue.add("element");
    Integer identity = System.identityHashCode(queue);
    if (leaks && queuesAreJudged) {
      HOLDER.put(identity, queue);
      this.leaks.add(LeakKind.LEFTOVER_QUEUE.id() + " " + identity);
      ends.add(() -> HOLDER.remove(identity));
    } else if (random.nextBoolean()) {
      HOLDER.put(identity, queue);
      queue.clear();
      ends.add(() -> HOLDER.remove(identity));
    } // else it goes as it is
  }

  private void timer(boolean leaks) throws Exception {
    Timer timer = new Timer("planted-timer");
    Thread[] thread = new Thread[1];
    CountDownLatch started = new CountDownLatch(1);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            thread[0] = Thread.currentThread();
            started.countDown();
          }
        },
        0);
    await(started);
    awaitRest(thread[0]);
    leave(
        leaks,
        LeakKind.UNCANCELLED_TIMER,
        LiveThreads.id(thread[0]),
        () -> {
          timer.cancel();
          Workers.join(thread[0]);
        });
  }

  /** Nobody refers to it any more: it was open when it was collected. */
  private void forgottenPool(boolean leaks) {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    if (leaks) {
      this.leaks.add(LeakKind.UNCLOSED_EXECUTOR.id() + " " + Identity.of(pool));
    } else {
      pool.shutdown();
    }
  }

  /** Work that threads of no scope in particular do: it can not be told for whom. */
  private void byOthers(SplittableRandom random) throws Exception {
    SplittableRandom own = random.split();
    ExecutorService others = random.nextBoolean() ? SHARED : ForkJoinPool.commonPool();
    others
        .submit(
            () -> {
              if (own.nextBoolean()) {
                thread(own, MOST_DEPTH, false, false);
              } else {
                executor(own, MOST_DEPTH, false, false);
              }
              return own;
            })
        .get();
  }

  private void waitForRelease(CountDownLatch started) {
    started.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void waitForElement(CountDownLatch started) {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    started.countDown();
    try {
      queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch started) throws InterruptedException {
    if (!started.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("it did not start");
    }
  }

  private static void awaitRest(Thread thread) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (thread.getState() != Thread.State.WAITING) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(thread + " did not come to rest");
      }
      LockSupport.parkNanos(10_000);
    }
  }
}
