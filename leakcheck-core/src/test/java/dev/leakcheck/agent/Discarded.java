package dev.leakcheck.agent;

import dev.leakcheck.Jdk21;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Code of a class loader that is thrown away: makes one of each, all of classes of its own. */
public final class Discarded {

  /** Where a queue stays reachable. */
  private static final Map<String, Queue> HOLDER = new ConcurrentHashMap<>();

  private static final List<ExecutorService> EXECUTORS = new ArrayList<>();
  private static final List<Thread> THREADS = new ArrayList<>();
  private static final AtomicReference<CountDownLatch> HELD = new AtomicReference<>();

  private Discarded() {}

  private static final class Queue extends LinkedBlockingQueue<Object> {
    private static final long serialVersionUID = 1;
  }

  private static final class Task implements Runnable {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch released;

    Task(CountDownLatch released) {
      this.released = released;
    }

    @Override
    public void run() {
      started.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Worker extends Thread {
    Worker(Runnable task) {
      super(task, "discarded");
    }
  }

  /** Makes them and leaves them as they are. */
  public static void leak() throws InterruptedException {
    CountDownLatch released = new CountDownLatch(1);
    HELD.set(released);
    List<Task> tasks = new ArrayList<>();
    start(new Worker(task(released, tasks)));
    EXECUTORS.add(Executors.newFixedThreadPool(1, Worker::new));
    EXECUTORS.add(Executors.newScheduledThreadPool(1));
    if (Jdk21.AVAILABLE) {
      THREADS.add(Jdk21.startVirtual("discarded", task(released, tasks)));
      EXECUTORS.add(Jdk21.virtualThreadPerTask());
    }
    for (ExecutorService executor : EXECUTORS) {
      executor.execute(task(released, tasks));
    }
    for (Task task : tasks) {
      await(task.started);
    }
    HOLDER.put("left", new Queue());
    HOLDER.get("left").add(new Task(released));
  }

  /** Ends all of them. */
  public static void release() throws InterruptedException {
    HELD.get().countDown();
    for (ExecutorService executor : EXECUTORS) {
      executor.shutdown();
      if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(executor + " did not terminate");
      }
    }
    for (Thread thread : THREADS) {
      thread.join();
    }
    HOLDER.values().forEach(BlockingQueue::clear);
  }

  private static Task task(CountDownLatch released, List<Task> tasks) {
    Task task = new Task(released);
    tasks.add(task);
    return task;
  }

  private static void start(Thread thread) {
    THREADS.add(thread);
    thread.start();
  }

  private static void await(CountDownLatch started) throws InterruptedException {
    if (!started.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a task did not start");
    }
  }
}
