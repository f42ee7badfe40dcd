package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class SettlingTest {

  @AfterEach
  void releasePlants() {
    Plants.release();
  }

  @Test
  void a_thread_that_ends_during_the_check_passes_and_the_check_does_not_wait_longer() {
    Run run = Run.configured().with("leakcheck.settle", "10m").over(StragglersTestCase.class);
    assertThat(run.outcomes())
        .containsExactlyInAnyOrder(
            "endsDuringTheCheck() passed",
            "poolEndsDuringTheCheck() passed",
            "stays() left stray-thread");
    assertThat(run.seconds()).isLessThan(300);
  }

  @ExtendWith(LeakCheckExtension.class)
  static class StragglersTestCase {
    @Test
    void endsDuringTheCheck() {
      Plants.threadThatEndsDuringTheCheck();
    }

    @Test
    void poolEndsDuringTheCheck() {
      ExecutorService pool = Plants.pool();
      CountDownLatch busy = new CountDownLatch(1);
      Thread checker = Thread.currentThread();
      pool.execute(
          () -> {
            busy.countDown();
            Plants.awaitCheck(checker);
          });
      Plants.await(busy);
      pool.shutdown();
    }

    @Test
    void stays() {
      Plants.thread();
    }

    @AfterAll
    static void endsAfterTheClass() {
      Plants.threadThatEndsDuringTheCheck();
    }
  }
}
