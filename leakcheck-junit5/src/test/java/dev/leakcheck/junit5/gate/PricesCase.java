package dev.leakcheck.junit5.gate;

import dev.leakcheck.junit5.NoLeaks;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

@NoLeaks
class PricesCase {

  private final CountDownLatch closed = new CountDownLatch(1);

  @Test
  void pollsPrices() {
    new Thread(this::poll, "price-poller").start();
    if (!Leaks.include("thread")) {
      closed.countDown();
    }
  }

  private void poll() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
