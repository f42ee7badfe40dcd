package dev.leakcheck.contract;

import static dev.leakcheck.contract.ContractErrors.failure;
import static dev.leakcheck.contract.ContractErrors.message;
import static dev.leakcheck.contract.Stubborn.BRIEF;
import static dev.leakcheck.contract.Stubborn.PLENTY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Jdk21;
import dev.leakcheck.Planted;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AssertCancelsTest {

  @AutoClose private final Planted planted = new Planted();
  private final ExecutorService executor =
      planted.executor(Executors.newFixedThreadPool(1, body -> new Thread(body, "worker")));
  private final CancellationProbe probe = new CancellationProbe();
  private final Stubborn stubborn = new Stubborn();

  @AfterEach
  void release() {
    stubborn.release();
    probe.release();
  }

  private static void sleep() {
    try {
      TimeUnit.HOURS.sleep(1);
    } catch (InterruptedException e) {
      return;
    }
  }

  /** A future whose body has begun. */
  private Future<?> running(Runnable body) {
    CountDownLatch started = new CountDownLatch(1);
    Future<?> future =
        executor.submit(
            () -> {
              started.countDown();
              body.run();
            });
    Planted.await(started);
    return future;
  }

  // With a probe

  @Test
  void bodyOfAProbeThatStopsPasses() {
    Future<?> future = executor.submit(probe.blocking());
    probe.awaitStarted(PLENTY);

    Contracts.assertCancels(future, probe, PLENTY);
  }

  @Test
  void completableFutureThatPassesTheCancelOnPasses() {
    CompletableFuture<Void> future = new CompletableFuture<>();
    Future<?> task = executor.submit(probe.blocking());
    future.whenComplete((result, failure) -> task.cancel(true));
    probe.awaitStarted(PLENTY);

    Contracts.assertCancels(future, probe, PLENTY);
  }

  @Test
  void completableFutureTeaches() {
    CompletableFuture<Void> future =
        CompletableFuture.runAsync(probe.runnable(stubborn::swallow), executor);
    probe.awaitStarted(PLENTY);

    assertThat(message(failure(() -> Contracts.assertCancels(future, probe, BRIEF))))
        .isEqualTo(
            """
            LeakCheck: the code did not stop within 20 ms of Future.cancel(true)
                 thread     worker
                 now        waiting in CountDownLatch.await(), without a time limit
                            at dev.leakcheck.contract.Stubborn.swallow(Stubborn.java:LINE)
                 why        CompletableFuture.cancel() completes the future and interrupts nobody, whatever its argument: the body does not learn of it
                 fix        keep the Future that executor.submit() returns and cancel that one, or have the body ask whether the future isDone(); orTimeout() and completeOnTimeout() do not stop it either

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void bodyOfAProbeThatRunsOnIsTold() {
    Future<?> future = executor.submit(probe.runnable(stubborn::spin));
    probe.awaitStarted(PLENTY);

    assertThat(failure(() -> Contracts.assertCancels(future, probe, BRIEF)).fact("why"))
        .hasValue("its interrupt flag is set and it runs on: nothing on its way looks at the flag");
  }

  @Test
  void probeThatWaitsInAQueueIsTold() {
    planted.occupy(executor, 1);
    Future<?> future = executor.submit(probe.blocking());

    assertThat(failure(() -> Contracts.assertCancels(future, probe, PLENTY)))
        .hasMessageContaining("the future's body is not running");
  }

  // With the code that starts it

  @Test
  void workThatStopsPasses() {
    Contracts.assertCancels(() -> executor.submit(AssertCancelsTest::sleep), PLENTY);
    Contracts.assertCancels(() -> executor.submit(AssertCancelsTest::sleep), PLENTY);
  }

  @Test
  void virtualWorkThatStopsPasses() {
    Jdk21.assume();
    ExecutorService virtual = planted.executor(Jdk21.virtualThreadPerTask());

    Contracts.assertCancels(() -> virtual.submit(AssertCancelsTest::sleep), PLENTY);
  }

  @Test
  void olderWorkBesideItPasses() {
    ExecutorService other = planted.executor(Executors.newFixedThreadPool(1));
    CountDownLatch started = new CountDownLatch(1);
    other.submit(
        () -> {
          started.countDown();
          planted.awaitRelease();
          return null;
        });
    Planted.await(started);

    Contracts.assertCancels(() -> executor.submit(AssertCancelsTest::sleep), PLENTY);
  }

  @Test
  void workThatSwallowsTheInterruptIsTold() {
    assertThat(
            message(
                failure(
                    () ->
                        Contracts.assertCancels(() -> executor.submit(stubborn::swallow), BRIEF))))
        .isEqualTo(
            """
            LeakCheck: the code did not stop within 20 ms of Future.cancel(true)
                 thread     worker
                 now        waiting in CountDownLatch.await(), without a time limit
                            at dev.leakcheck.contract.Stubborn.swallow(Stubborn.java:LINE)
                 caught in  dev.leakcheck.contract.Stubborn.swallow, or in what it calls
                 why        its interrupt flag is clear again: it caught the InterruptedException, or cleared the flag by Thread.interrupted(), and went on
                 fix        leave the loop where it is caught: return, or let the InterruptedException through

            JDK N · LeakCheck VERSION""");
  }

  @Test
  void virtualWorkThatSwallowsTheInterruptIsTold() {
    Jdk21.assume();
    ExecutorService virtual = planted.executor(Jdk21.virtualThreadPerTask());

    ContractError error =
        failure(() -> Contracts.assertCancels(() -> virtual.submit(stubborn::swallow), BRIEF));

    assertThat(error.fact("thread").orElseThrow()).contains("(virtual)");
    assertThat(error.fact("now").orElseThrow()).contains("Stubborn.swallow");
    stubborn.release();
  }

  @Test
  void threadThatEndsWhileTheWorkBeginsIsNotTakenForIt() {
    AtomicReference<Thread> worker = new AtomicReference<>();

    ContractError error =
        failure(
            () ->
                Contracts.assertCancels(
                    () -> {
                      planted.thread("bystander", () -> awaitWaiting(worker));
                      return executor.submit(
                          () -> {
                            worker.set(Thread.currentThread());
                            stubborn.swallow();
                          });
                    },
                    BRIEF));

    assertThat(error.fact("now").orElseThrow()).contains("Stubborn.swallow");
    stubborn.release();
  }

  private static void awaitWaiting(AtomicReference<Thread> thread) {
    while (thread.get() == null || thread.get().getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void completableFutureOfWorkThatIsStartedTeaches() {
    ContractError error =
        failure(
            () ->
                Contracts.assertCancels(
                    () -> CompletableFuture.runAsync(AssertCancelsTest::sleep, executor), BRIEF));

    assertThat(error.fact("why").orElseThrow()).contains("interrupts nobody");
  }

  @Test
  void workThatEndsByItselfShowsNothing() {
    assertThat(
            message(
                failure(() -> Contracts.assertCancels(() -> executor.submit(() -> {}), PLENTY))))
        .isEqualTo(
            """
            LeakCheck: the future was done before it was cancelled
                 why        its body had ended by itself: whether a cancel stops it is not known
                 fix        start work that goes on until it is stopped, and cancel it once

            JDK N · LeakCheck VERSION""");
  }

  // With the future only

  @Test
  void futureWhoseBodyStopsPasses() {
    Contracts.assertCancels(running(AssertCancelsTest::sleep), PLENTY);
  }

  @Test
  void futureWhoseBodyRunsOnIsTold() {
    Future<?> future = running(stubborn::spin);

    ContractError error = failure(() -> Contracts.assertCancels(future, BRIEF));

    assertThat(error).hasMessageContaining("the code did not stop within 20 ms");
    assertThat(error.fact("why").orElseThrow()).contains("runs on");
  }

  @Test
  void futureWhoseBodySwallowsIsNotPassed() {
    Future<?> future = running(stubborn::swallow);

    assertThat(failure(() -> Contracts.assertCancels(future, BRIEF)).fact("now").orElseThrow())
        .contains("Stubborn.swallow");
  }

  @Test
  void queuedFutureIsNotBlamedOnTheOneThatRuns() {
    Future<?> other = running(AssertCancelsTest::sleep);
    Future<?> queued = executor.submit(AssertCancelsTest::sleep);

    ContractError error = failure(() -> Contracts.assertCancels(queued, BRIEF));

    assertThat(error.getMessage())
        .containsPattern("it cannot be shown that Future.cancel|the future's body is not running");
    assertThat(other).isNotDone();
  }

  @Test
  void doneFutureIsTold() {
    assertThat(
            failure(
                () -> Contracts.assertCancels(CompletableFuture.completedFuture("done"), PLENTY)))
        .hasMessageContaining("the future was done before it was cancelled");
  }

  @Test
  void futureThatNobodyRunsIsTold() {
    assertThat(failure(() -> Contracts.assertCancels(new CompletableFuture<>(), PLENTY)))
        .hasMessageContaining("the future's body is not running");
  }
}
