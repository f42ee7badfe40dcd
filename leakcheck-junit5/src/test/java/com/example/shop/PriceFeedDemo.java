package com.example.shop;

import static dev.leakcheck.model.LeakKind.STRAY_THREAD;
import static dev.leakcheck.model.LeakKind.UNCANCELLED_TIMER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.NoLeaks;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Timers and threads that sleep. A thread that sleeps could end at any time, so these checks wait
 * for all of the settle time, which is shorter here than the default.
 */
@NoLeaks(settle = "1s")
class PriceFeedDemo {

  @Test
  @Leaves(UNCANCELLED_TIMER)
  void refreshesPricesOnATimer() throws Exception {
    Timer timer = new Timer("price-refresh");
    CountDownLatch refreshed = new CountDownLatch(1);
    timer.schedule(task(refreshed::countDown), 0, TimeUnit.HOURS.toMillis(1));
    refreshed.await();
  }

  @Test
  void refreshesPricesAndCancelsTheTimer() throws Exception {
    Timer timer = new Timer("price-refresh");
    CountDownLatch refreshed = new CountDownLatch(1);
    timer.schedule(task(refreshed::countDown), 0, TimeUnit.HOURS.toMillis(1));
    refreshed.await();
    timer.cancel();
  }

  @Test
  @Leaves(STRAY_THREAD)
  void pollsPricesForEver() throws Exception {
    Poller poller = new Poller(Integer.MAX_VALUE);
    poller.start();
    poller.polled.await();
  }

  @Test
  void pollsPricesOnceMoreAfterTheTestAndEnds() throws Exception {
    Poller poller = new Poller(2); // still asleep when the test returns: LeakCheck waits for it
    poller.start();
    poller.polled.await();
    assertThat(poller.polls).hasPositiveValue();
  }

  private static TimerTask task(Runnable body) {
    return new TimerTask() {
      @Override
      public void run() {
        body.run();
      }
    };
  }

  /** Asks for prices some times, and sleeps in between. */
  private static final class Poller extends Thread {
    final CountDownLatch polled = new CountDownLatch(1);
    final AtomicInteger polls = new AtomicInteger();
    private final int times;

    Poller(int times) {
      super("price-poller");
      this.times = times;
    }

    @Override
    public void run() {
      try {
        while (polls.incrementAndGet() < times) {
          polled.countDown();
          Thread.sleep(50);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
