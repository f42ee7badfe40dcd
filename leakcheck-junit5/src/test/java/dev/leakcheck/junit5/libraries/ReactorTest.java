package dev.leakcheck.junit5.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.LeakScope;
import dev.leakcheck.junit5.lifecycle.Tier;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class ReactorTest extends LibraryTest {

  private static final String FIX = "Scheduler.dispose()";

  /** Their threads go on by the clock: next to them nothing stands still. */
  @AfterAll
  static void endSharedSchedulers() {
    Schedulers.shutdownNow();
  }

  @Test
  void disposedSchedulersAreNoLeak() {
    LeakScope scope = open();

    for (Scheduler scheduler :
        List.of(
            Schedulers.newParallel("stopped-parallel", 2),
            Schedulers.newSingle("stopped-single"),
            Schedulers.newBoundedElastic(2, 10, "stopped-elastic"))) {
      use(scheduler);
      scheduler.dispose();
    }

    assertClean(scope);
  }

  @Test
  void theSharedSchedulersAreNoLeak() {
    LeakScope scope = open();

    use(Schedulers.parallel());
    use(Schedulers.single());
    use(Schedulers.boundedElastic());
    Mono.delay(Duration.ofMillis(1)).block();

    assertClean(scope);
  }

  @Test
  void aForgottenParallelSchedulerIsOneLeak() {
    LeakScope scope = openLeaky();

    Scheduler scheduler = Schedulers.newParallel("my-parallel", 3);
    try {
      use(scheduler);
      use(scheduler);
      use(scheduler);

      Finding finding = assertOne(scope, "Reactor (my-parallel", FIX);
      assertThat(finding.threads()).hasSize(3);
    } finally {
      scheduler.dispose();
    }
  }

  @Test
  void aForgottenSingleSchedulerIsFound() {
    LeakScope scope = openLeaky();

    Scheduler scheduler = Schedulers.newSingle("my-single");
    try {
      use(scheduler);

      assertOne(scope, "Reactor (my-single", FIX);
    } finally {
      scheduler.dispose();
    }
  }

  @Test
  void aForgottenElasticSchedulerIsOneLeak() {
    LeakScope scope = openLeaky();

    Scheduler scheduler = Schedulers.newBoundedElastic(4, 10, "my-elastic");
    try {
      use(scheduler);

      assertOne(scope, "Reactor (my-elastic", FIX);
    } finally {
      scheduler.dispose();
    }
  }

  @Test
  void twoForgottenSchedulersAreTwoLeaks() {
    LeakScope scope = openLeaky();

    Scheduler first = Schedulers.newParallel("first", 1);
    Scheduler second = Schedulers.newParallel("second", 1);
    try {
      use(first);
      use(second);

      assertEach(scope, 2, "Reactor");
    } finally {
      first.dispose();
      second.dispose();
    }
  }

  @Test
  void aForgottenIntervalOnItsOwnSchedulerIsFound() throws Exception {
    LeakScope scope = openLeaky();

    Scheduler scheduler = Schedulers.newSingle("ticker");
    CountDownLatch ticked = new CountDownLatch(1);
    Disposable ticks =
        Flux.interval(Duration.ofMillis(5), scheduler).subscribe(tick -> ticked.countDown());
    try {
      ticked.await();

      assertOne(scope, "Reactor (ticker", FIX);
    } finally {
      ticks.dispose();
      scheduler.dispose();
    }
  }

  /**
   * The thread is the shared scheduler's; whose task it runs is told by the agent, and before Java
   * 24 by the JDK's own fields.
   */
  @Test
  void aForgottenIntervalOnTheSharedSchedulerIsNotBlamedOnItsThread() throws Exception {
    boolean told = Tier.hasAgent() || Runtime.version().feature() < 24;
    LeakScope scope = told ? openLeaky() : open();

    CountDownLatch ticked = new CountDownLatch(1);
    Disposable ticks = Flux.interval(Duration.ofMillis(5)).subscribe(tick -> ticked.countDown());
    try {
      ticked.await();

      if (told) {
        Findings findings = scope.findings();
        assertThat(findings.list())
            .extracting(Finding::kind)
            .containsExactly(LeakKind.LEFTOVER_TASK);
        assertThat(findings.list().get(0).fix()).startsWith("dispose the subscription");
      } else {
        assertClean(scope);
      }
    } finally {
      ticks.dispose();
    }
  }

  private static void use(Scheduler scheduler) {
    Integer sum = Flux.range(1, 100).publishOn(scheduler).reduce(0, Integer::sum).block();
    assertThat(sum).isEqualTo(5050);
  }
}
