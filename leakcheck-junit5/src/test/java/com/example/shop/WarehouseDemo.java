package com.example.shop;

import static dev.leakcheck.model.LeakKind.UNCLOSED_EXECUTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A fixture that is set up for all tests and never torn down: the class fails, no test does. */
@ExtendWith(LeakCheckExtension.class)
@Leaves(UNCLOSED_EXECUTOR)
class WarehouseDemo {

  private static ExecutorService warehouse;

  @BeforeAll
  static void openWarehouse() throws Exception {
    warehouse = Executors.newFixedThreadPool(2);
    warehouse.submit(() -> {}).get();
  }

  @Test
  void countsTheStock() throws Exception {
    assertThat(warehouse.submit(() -> 3).get()).isEqualTo(3);
  }

  @Test
  void packsAnOrder() throws Exception {
    assertThat(warehouse.submit(() -> "packed").get()).isEqualTo("packed");
  }
}
