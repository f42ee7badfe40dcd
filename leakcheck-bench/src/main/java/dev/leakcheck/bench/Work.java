package dev.leakcheck.bench;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a test does. */
public enum Work {
  /** Nothing. */
  NOTHING {
    @Override
    void run() {}
  },

  /** Starts a platform thread and joins it. */
  PLATFORM_THREAD {
    @Override
    void run() throws InterruptedException {
      Thread thread = new Thread(() -> {});
      thread.start();
      thread.join();
    }
  },

  /** Starts a virtual thread and joins it. */
  VIRTUAL_THREAD {
    @Override
    void run() throws InterruptedException {
      Virtual.start(() -> {}).join();
    }
  },

  /** Opens a pool of two threads, has it do something and closes it. */
  POOL {
    @Override
    void run() throws Exception {
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        pool.submit(() -> {}).get();
      } finally {
        pool.shutdown();
        pool.awaitTermination(1, TimeUnit.MINUTES);
      }
    }
  },

  /** Leaves a pool with an idle worker. */
  LEAK_IDLE_POOL {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    void run() throws Exception {
      ExecutorService pool = Executors.newFixedThreadPool(1);
      pool.submit(() -> {}).get();
    }
  },

  /** Leaves a thread in {@code take()}. */
  LEAK_CONSUMER {
    @Override
    void run() throws InterruptedException {
      BlockingQueue<String> queue = new LinkedBlockingQueue<>();
      CountDownLatch started = new CountDownLatch(1);
      Thread consumer =
          new Thread(
              () -> {
                started.countDown();
                try {
                  queue.take();
                } catch (InterruptedException e) {
                  return;
                }
              },
              "consumer");
      consumer.setDaemon(true);
      consumer.start();
      started.await();
    }
  };

  abstract void run() throws Exception;

  /** What a test does, in a clause: {@code starts and joins a platform thread}. */
  String deed() {
    return switch (this) {
      case NOTHING -> "starts no thread";
      case PLATFORM_THREAD -> "starts and joins a platform thread";
      case VIRTUAL_THREAD -> "starts and joins a virtual thread";
      case POOL -> "opens, uses and closes a pool";
      case LEAK_IDLE_POOL, LEAK_CONSUMER -> title();
    };
  }

  /** As a user would call it: {@code platform thread}. */
  String title() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
