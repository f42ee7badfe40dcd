package dev.leakcheck.junit5.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.junit5.LeakCheckExtension;
import dev.leakcheck.model.Finding;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one test left is gone before the next, where that is asked for. */
class AfterwardsTest {

  static ScheduledExecutorService leaked;
  static boolean goneInTheNextTest;

  @AfterEach
  void releasePlants() {
    leaked.shutdownNow();
    Plants.release();
  }

  @Test
  void a_ticker_that_was_reported_is_gone_before_the_next_test_and_the_fixture_is_not() {
    Run run = Run.configured().with("leakcheck.afterwards", "stop").over(TickerTestCase.class);

    assertThat(run.outcomes()).containsExactly("leaves() left unclosed-executor", "next() passed");
    Finding finding = run.leaks("leaves").get(0);
    assertThat(finding.afterwards().ended()).isTrue();
    assertThat(finding.fact("afterwards"))
        .contains(
            "ScheduledThreadPoolExecutor was told to stop with shutdownNow()\n1 thread has ended");
    assertThat(goneInTheNextTest).isTrue();
  }

  @Test
  void it_goes_on_where_nothing_is_said() {
    Run run = Run.of(TickerTestCase.class);

    assertThat(run.outcomes()).containsExactly("leaves() left unclosed-executor", "next() passed");
    assertThat(run.leaks("leaves").get(0).afterwards()).isNull();
    assertThat(goneInTheNextTest).isFalse();
  }

  @ExtendWith(LeakCheckExtension.class)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  static class TickerTestCase {
    static ExecutorService fixture;
    ScheduledExecutorService ticker;

    @BeforeAll
    static void open() {
      fixture = Executors.newFixedThreadPool(1);
    }

    @AfterAll
    static void close() throws InterruptedException {
      assertThat(fixture.isShutdown()).isFalse();
      fixture.shutdown();
      assertThat(fixture.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Order(1)
    void leaves() throws Exception {
      fixture.submit(() -> {}).get();
      ticker = Executors.newScheduledThreadPool(1);
      leaked = ticker;
      ticker.scheduleWithFixedDelay(() -> {}, 0, 1, TimeUnit.MILLISECONDS);
    }

    @Test
    @Order(2)
    void next() throws Exception {
      goneInTheNextTest = leaked.isTerminated();
      fixture.submit(() -> {}).get();
    }
  }
}
