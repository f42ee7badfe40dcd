package com.example.shop;

import static dev.leakcheck.model.LeakKind.UNCLOSED_EXECUTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pools that a service starts and that nobody shuts down, each beside one that is. */
@ExtendWith(LeakCheckExtension.class)
class OrderServiceDemo {

  @Test
  @Leaves(UNCLOSED_EXECUTOR)
  void placesOrdersOnAFixedPool() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    assertThat(pool.submit(() -> "placed").get()).isEqualTo("placed");
  }

  @Test
  void placesOrdersAndShutsTheFixedPoolDown() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      assertThat(pool.submit(() -> "placed").get()).isEqualTo("placed");
    } finally {
      pool.shutdown();
    }
  }

  @Test
  @Leaves(UNCLOSED_EXECUTOR)
  void expiresOrdersOnASchedule() throws Exception {
    ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    CountDownLatch expired = new CountDownLatch(1);
    scheduler.scheduleAtFixedRate(expired::countDown, 0, 1, TimeUnit.HOURS);
    expired.await();
  }

  @Test
  void expiresOrdersAndShutsTheSchedulerDown() throws Exception {
    ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    try {
      CountDownLatch expired = new CountDownLatch(1);
      scheduler.scheduleAtFixedRate(expired::countDown, 0, 1, TimeUnit.HOURS);
      expired.await();
    } finally {
      scheduler.shutdownNow();
    }
  }

  @Test
  @Leaves(UNCLOSED_EXECUTOR)
  void addsUpTotalsInAForkJoinPool() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(2);
    assertThat(pool.submit(() -> 40 + 2).get()).isEqualTo(42);
  }

  @Test
  void addsUpTotalsAndShutsTheForkJoinPoolDown() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(2);
    try {
      assertThat(pool.submit(() -> 40 + 2).get()).isEqualTo(42);
    } finally {
      pool.shutdown();
    }
  }
}
