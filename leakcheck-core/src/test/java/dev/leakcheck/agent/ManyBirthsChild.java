package dev.leakcheck.agent;

import dev.leakcheck.Jdk21;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A JVM of its own that makes a great many things, all of which end, and prints how much heap is
 * held: {@code inside} the scope when they have ended and some more were made since, and {@code
 * after} it, both in kilobytes above what was held before it.
 */
final class ManyBirthsChild {

  /** As little as this comes and goes without LeakCheck. */
  static final long NOISE_KILOBYTES = 1_024;

  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final int MOST_AT_ONCE = 1_000;

  private static final int LOOKS = 30;
  private static final long BETWEEN_LOOKS_MILLIS = 100;

  private static WeakReference<Object> marker = new WeakReference<>(null);

  private ManyBirthsChild() {}

  /** What is made, so many times; the first of them refers to an object. */
  private enum Shape {
    VIRTUAL_WAVES {
      @Override
      void make(int count, Object first) throws InterruptedException {
        ThreadFactory virtual = Jdk21.virtualThreads();
        List<Thread> wave = new ArrayList<>();
        Thread marked = virtual.newThread(() -> Reference.reachabilityFence(first));
        marked.start();
        wave.add(marked);
        for (int made = 1; made < count; made++) {
          Thread thread = virtual.newThread(() -> {});
          thread.start();
          wave.add(thread);
          if (wave.size() == MOST_AT_ONCE) {
            join(wave);
          }
        }
        join(wave);
      }
    },

    VIRTUAL_PER_TASK {
      @Override
      void make(int count, Object first) throws InterruptedException {
        ExecutorService executor = Jdk21.virtualThreadPerTask();
        executor.execute(() -> Reference.reachabilityFence(first));
        // Without a bound it would depend on the scheduler how many there are at once.
        Semaphore free = new Semaphore(MOST_AT_ONCE);
        for (int made = 1; made < count; made++) {
          free.acquireUninterruptibly();
          executor.execute(free::release);
        }
        end(executor);
      }
    },

    POOLS {
      @Override
      void make(int count, Object first) throws InterruptedException {
        for (int made = 0; made < count; made++) {
          ExecutorService pool = Executors.newFixedThreadPool(1);
          pool.execute(made == 0 ? () -> Reference.reachabilityFence(first) : () -> {});
          end(pool);
        }
      }
    },

    QUEUES {
      @Override
      void make(int count, Object first) {
        BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
        queue.add(first);
        for (int made = 1; made < count; made++) {
          queue = new LinkedBlockingQueue<>();
        }
      }
    },

    LOCKS {
      @Override
      void make(int count, Object first) {
        Marked marked = new Marked(first);
        for (int made = 1; made < count; made++) {
          new ReentrantLock().lock(); // dropped while it is held
        }
        Reference.reachabilityFence(marked);
      }
    };

    private static final class Marked extends ReentrantLock {
      private static final long serialVersionUID = 1;

      @SuppressWarnings("unused") // held for as long as the lock is
      private final transient Object mark;

      Marked(Object mark) {
        this.mark = mark;
      }
    }

    abstract void make(int count, Object first) throws InterruptedException;
  }

  private static void join(List<Thread> wave) throws InterruptedException {
    for (Thread thread : wave) {
      thread.join();
    }
    wave.clear();
  }

  private static void end(ExecutorService executor) throws InterruptedException {
    executor.shutdown();
    if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException(executor + " did not terminate");
    }
  }

  /**
   * Makes them.
   *
   * @param args the shape, and how many
   */
  public static void main(String[] args) throws Exception {
    Shape shape = Shape.valueOf(args[0]);
    int count = Integer.parseInt(args[1]);
    makeInScope(shape, count / 100); // and so whatever is made once
    long before = usedKilobytes();
    long inside = makeInScope(shape, count);
    long after = usedForGood(before);
    System.out.println("inside " + (inside - before));
    System.out.println("after " + (after - before));
    System.out.println(marker.refersTo(null) ? "marker gone" : "marker held");
  }

  private static long makeInScope(Shape shape, int count) throws Exception {
    long[] inside = new long[1];
    LeakCheck.assertNoLeaks(
        LeakCheckOptions.defaults().settle(PATIENCE), () -> inside[0] = make(shape, count));
    return inside[0];
  }

  private static long make(Shape shape, int count) throws InterruptedException {
    Object first = new Object();
    marker = new WeakReference<>(first);
    shape.make(count, first);
    System.gc();
    shape.make(count / 100, new Object()); // what was collected is noticed as more is made
    return usedKilobytes();
  }

  /**
   * What stays: a thread that is just at work, as LeakCheck's own can be, holds what it works on,
   * and a collector counts the whole of a region that was begun.
   */
  private static long usedForGood(long before) throws InterruptedException {
    long least = usedKilobytes();
    for (int look = 1; look < LOOKS && least - before >= NOISE_KILOBYTES; look++) {
      Thread.sleep(BETWEEN_LOOKS_MILLIS);
      least = Math.min(least, usedKilobytes());
    }
    return least;
  }

  /** The second collection finds what the first one's references let go. */
  private static long usedKilobytes() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10;
  }
}
