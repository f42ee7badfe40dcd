package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link WarehouseDemo} as it should be: what is set up for all tests is torn down after them. */
@ExtendWith(LeakCheckExtension.class)
class ClosedWarehouseDemo {

  private static ExecutorService warehouse;

  @BeforeAll
  static void openWarehouse() throws Exception {
    warehouse = Executors.newFixedThreadPool(2);
    warehouse.submit(() -> {}).get();
  }

  @AfterAll
  static void closeWarehouse() {
    warehouse.shutdown();
  }

  @Test
  void countsTheStock() throws Exception {
    assertThat(warehouse.submit(() -> 3).get()).isEqualTo(3);
  }
}
