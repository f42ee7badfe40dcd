package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leakcheck.Golden;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusyCommonPoolTest {

  private static final ForkJoinPool POOL = ForkJoinPool.commonPool();

  @AutoClose private Planted planted = new Planted();

  @BeforeEach
  void needsAPoolThatIsIdle() {
    assumeTrue(POOL.getParallelism() > 0, "the common pool of this JVM has no threads");
    awaitIdle();
  }

  @AfterEach
  void release() {
    planted.release();
    awaitIdle();
  }

  private static void awaitIdle() {
    assertThat(POOL.awaitQuiescence(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Occupies one worker until the test is over. */
  private void occupy() {
    planted.occupy(POOL, 1);
  }

  @Test
  void taskThatRunsIsFound() {
    LeakScope scope = Scopes.atOnce();
    occupy();

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.BUSY_COMMON_POOL);
    assertThat(finding.fact("queued")).isEmpty();
    assertThat(finding.fact("doing")).get().asString().contains("Planted");
  }

  @Test
  void taskThatExecuteWasGivenHasNoFutureToJoin() {
    LeakScope scope = Scopes.atOnce();
    occupy();

    assertThat(only(scope.findings()).fix())
        .isEqualTo(
            "execute() gives no future to wait for a task by: have it end before the test does, as"
                + " by a flag that it looks at; or give it to CompletableFuture.runAsync(), and"
                + " join() what this returns; or give it to an executor that the test closes");
  }

  @Test
  void taskThatSubmitWasGivenIsToBeJoined() throws Exception {
    LeakScope scope = Scopes.atOnce();
    CountDownLatch started = new CountDownLatch(1);
    Future<?> task =
        POOL.submit(
            Planted.unchecked(
                () -> {
                  started.countDown();
                  planted.awaitRelease();
                }));
    Planted.await(started);
    awaitWorkersWait();

    assertThat(only(scope.findings()).fix()).startsWith("join() or get() every CompletableFuture");
    planted.release();
    task.get();
  }

  @Test
  void taskThatIsQueuedIsFound() {
    LeakScope scope = Scopes.atOnce();
    planted.occupy(POOL, POOL.getParallelism());
    POOL.execute(() -> {});

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.BUSY_COMMON_POOL);
    assertThat(finding.fact("queued")).contains("1 task, not begun");
  }

  @Test
  void workerThatIsOlderThanTheScopeTellsAsWell() {
    occupy();
    planted.release();
    awaitIdle();
    planted = new Planted();
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief());
    occupy();

    assertThat(scope).hasKinds(LeakKind.BUSY_COMMON_POOL);
  }

  @Test
  void taskThatEndsWhileTheCheckWaitsPasses() {
    LeakScope scope = Scopes.patient();
    Thread tester = Thread.currentThread();
    CountDownLatch started = new CountDownLatch(1);
    POOL.execute(
        () -> {
          started.countDown();
          Planted.awaitWaitingIn(tester, Settling.class);
        });
    Planted.await(started);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void workThatIsDonePasses() {
    LeakScope scope = Scopes.patient();
    CompletableFuture.supplyAsync(() -> 1).join();
    assertThat(IntStream.range(0, 1_000).parallel().sum()).isPositive();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void taskThatIsDelayedPasses() {
    LeakScope scope = Scopes.patient();
    CompletableFuture<Void> later = new CompletableFuture<Void>().orTimeout(1, TimeUnit.HOURS);

    assertThat(scope).hasNoLeaks();
    later.complete(null);
    // Up to Java 24 the thread that serves delays would still wait for this one, for an hour.
    CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, POOL))
        .join();
  }

  @Test
  void taskThatTheScopeOpenedWithPasses() {
    occupy();
    LeakScope scope = Scopes.atOnce();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void taskBesideOneThatTheScopeOpenedWithIsFound() {
    occupy();
    awaitWorkersWait();
    LeakScope scope = Scopes.atOnce();
    POOL.execute(Planted.unchecked(planted::awaitRelease));

    assertThat(scope).hasKinds(LeakKind.BUSY_COMMON_POOL);
  }

  private static void awaitWorkersWait() {
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("ForkJoinPool.commonPool-worker-"))
        .filter(
            thread ->
                Planted.hasFrame(thread, Planted.class, "awaitRelease")
                    || Planted.hasFrame(thread, CountDownLatch.class, "await"))
        .forEach(thread -> Planted.awaitWaitingIn(thread, CountDownLatch.class));
  }

  /** What moves may have given the pool more to do. */
  @Test
  void nothingIsToldBesideATaskThatMoved() {
    AtomicBoolean end = new AtomicBoolean();
    CountDownLatch started = new CountDownLatch(1);
    POOL.execute(
        () -> {
          started.countDown();
          while (!end.get()) {
            Thread.onSpinWait();
          }
        });
    Planted.await(started);
    LeakScope scope = Scopes.atOnce();
    POOL.execute(Planted.unchecked(planted::awaitRelease));

    assertThat(scope).hasNoLeaks();
    end.set(true);
  }

  @Test
  void innermostScopeTellsOfItAndTheOthersDoNot() {
    LeakScope outer = Scopes.patient();
    LeakScope inner = Scopes.atOnce();
    occupy();

    assertThat(inner).hasKinds(LeakKind.BUSY_COMMON_POOL);
    assertThat(outer).hasNoLeaks();
  }

  @Test
  void sameTaskInTheNextScopeIsAnother() {
    for (int i = 0; i < 3; i++) {
      LeakScope scope = Scopes.atOnce();
      occupy();

      assertThat(scope).hasKinds(LeakKind.BUSY_COMMON_POOL);
      planted.release();
      awaitIdle();
      planted = new Planted();
    }
  }

  @Test
  void anotherPoolIsNotTheCommonPool() {
    LeakScope scope = Scopes.atOnce();
    planted.occupy(planted.executor(new ForkJoinPool(1)), 1);

    assertThat(scope).hasKinds(LeakKind.UNCLOSED_EXECUTOR);
  }

  @Test
  void messageTellsWhereTheTaskStandsAndTheFix() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    planted.occupy(POOL, POOL.getParallelism());
    POOL.execute(() -> {});
    awaitWorkersWait();

    assertThat(
            Golden.message(scope)
                .replaceAll("worker-\\d+.*", "worker-N")
                .replaceAll("workers    ", "worker     ")
                .replaceAll("runs \\d+ tasks?", "runs N tasks")
                .replaceAll("\\d+ × waiting", "waiting"))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 busy common pool behind (waited T)

            1) busy-common-pool   ForkJoinPool.commonPool() still runs N tasks
                 worker     ForkJoinPool.commonPool-worker-N
                 doing      waiting in CountDownLatch.await(), without a time limit
                              at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                 queued     1 task, not begun
                 why        the pool serves the whole JVM: what still runs here runs into other tests and takes their threads
                 fix        join() or get() every CompletableFuture and ForkJoinTask before the test ends, and stop those that never end; or give supplyAsync() and runAsync() an executor that the test closes
                 allow      @AllowLeaks(kind = LeakKind.BUSY_COMMON_POOL, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
