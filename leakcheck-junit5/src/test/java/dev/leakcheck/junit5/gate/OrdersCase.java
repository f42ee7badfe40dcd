package dev.leakcheck.junit5.gate;

import dev.leakcheck.junit5.NoLeaks;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NoLeaks
class OrdersCase {

  private final ExecutorService pool = Executors.newFixedThreadPool(1);

  @Test
  void placesOrder() throws Exception {
    pool.submit(() -> {}).get();
  }

  @AfterEach
  void tearDown() {
    if (!Leaks.include("pool")) {
      pool.shutdown();
    }
  }
}
