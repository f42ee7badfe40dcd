package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.leakcheck.LeakScope;
import dev.leakcheck.model.Finding;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class CaffeineTest extends LibraryTest {

  private ScheduledExecutorService pool;

  @Test
  void theSystemSchedulerIsNoLeak() throws Exception {
    LeakScope scope = open();

    use(Scheduler.systemScheduler());

    assertClean(scope);
  }

  @Test
  void aSchedulerOverAPoolThatWasShutDownIsNoLeak() throws Exception {
    LeakScope scope = open();

    pool = Executors.newSingleThreadScheduledExecutor();
    use(Scheduler.forScheduledExecutorService(pool));
    pool.shutdownNow();

    assertClean(scope);
  }

  @Test
  void aForgottenPoolBehindASchedulerIsFoundInItsField() throws Exception {
    LeakScope scope = openLeaky();

    pool = Executors.newSingleThreadScheduledExecutor();
    try {
      use(Scheduler.forScheduledExecutorService(pool));

      Finding finding =
          assertOne(scope, "ThreadPoolExecutor", "shutdown() on field CaffeineTest.pool");
      assertThat(finding.threads()).hasSize(1);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aForgottenPoolBehindASchedulerIsFoundWithoutAField() throws Exception {
    LeakScope scope = openLeaky();

    ScheduledExecutorService local = Executors.newScheduledThreadPool(1);
    try {
      use(Scheduler.forScheduledExecutorService(local));

      assertOne(scope, "ThreadPoolExecutor", "shutdown()");
    } finally {
      local.shutdownNow();
    }
  }

  /** Waits until the cache has scheduled and dropped an entry. */
  private static void use(Scheduler scheduler) throws InterruptedException {
    CountDownLatch scheduled = new CountDownLatch(1);
    CountDownLatch expired = new CountDownLatch(1);
    Cache<String, String> cache =
        Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofMillis(100))
            .scheduler(
                (executor, command, delay, unit) -> {
                  Future<?> future = scheduler.schedule(executor, command, delay, unit);
                  scheduled.countDown();
                  return future;
                })
            .removalListener((key, value, cause) -> expired.countDown())
            .build();
    for (int i = 0; scheduled.getCount() > 0; i++) {
      // On a slow machine an entry may expire before it is scheduled to.
      cache.put("key " + i, "value");
      cache.cleanUp();
    }
    expired.await();
  }
}
