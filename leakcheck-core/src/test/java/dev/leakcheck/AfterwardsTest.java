package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Afterwards;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.model.WorkerStacks;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was told is stopped, where the user asks for that. */
@Timeout(60)
class AfterwardsTest {

  private static final LeakCheckOptions STOP =
      Scopes.AT_ONCE.afterwards(LeakCheckSettings.Afterwards.STOP);

  @AutoClose private final Planted planted = new Planted();

  private final PrintStream err = System.err;

  /** The JVM prints what threads die of. */
  @BeforeEach
  void printNothing() {
    System.setErr(new PrintStream(OutputStream.nullOutputStream()));
  }

  @AfterEach
  void restore() {
    System.setErr(err);
  }

  private static final class Owner {
    final Object held;

    Owner(Object held) {
      this.held = held;
    }
  }

  private static final class CountingPool extends ThreadPoolExecutor {
    final AtomicInteger calls = new AtomicInteger();

    CountingPool() {
      super(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }

    @Override
    public List<Runnable> shutdownNow() {
      calls.incrementAndGet();
      return super.shutdownNow();
    }
  }

  private static Findings close(LeakScope scope) {
    try {
      scope.close();
    } catch (LeakAssertionError error) {
      return error.findings();
    }
    throw new AssertionError("nothing was found");
  }

  private static Afterwards stopped(LeakScope scope) {
    Finding finding = only(close(scope));
    assertThat(finding.fact("afterwards"))
        .contains(String.join("\n", finding.afterwards().lines()));
    return finding.afterwards();
  }

  /** Waits until its last thread is gone, which what is said does not wait for. */
  private static void awaitEnd(ExecutorService pool) throws InterruptedException {
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aThreadIsInterrupted() {
    LeakScope scope = LeakCheck.open(STOP);
    Thread thread = planted.thread("stray");
    Planted.awaitWaitingIn(thread, CountDownLatch.class);

    Afterwards afterwards = stopped(scope);

    assertThat(afterwards.lines())
        .containsExactly("thread \"stray\" was interrupted", "1 thread has ended");
    assertThat(afterwards.ended()).isTrue();
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void anExecutorIsShutDown() throws InterruptedException {
    LeakScope scope = LeakCheck.open(STOP);
    ThreadPoolExecutor pool =
        planted.executor(
            new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()));
    Owner owner = new Owner(pool);
    scope.watch(owner);
    planted.occupy(pool, 2);

    Afterwards afterwards = stopped(scope);

    assertThat(afterwards.lines())
        .containsExactly(
            "ThreadPoolExecutor was told to stop with shutdownNow()", "2 threads have ended");
    assertThat(afterwards.ended()).isTrue();
    awaitEnd(pool);
    assertThat(owner.held).isSameAs(pool);
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "scheduled", "fork-join"})
  void everyExecutorOfTheJdksIsShutDown(String which) throws InterruptedException {
    LeakScope scope = LeakCheck.open(STOP);
    ExecutorService pool =
        switch (which) {
          case "single" -> Executors.newSingleThreadExecutor();
          case "scheduled" -> Executors.newScheduledThreadPool(1);
          default -> new ForkJoinPool(1);
        };
    planted.executor(pool);
    Owner owner = new Owner(pool);
    scope.watch(owner);
    planted.occupy(pool, 1);

    assertThat(stopped(scope).lines()).endsWith("1 thread has ended");
    awaitEnd(pool);
    assertThat(owner.held).isSameAs(pool);
  }

  @Test
  void aVirtualThreadIsInterruptedOrSaidToBeOutOfReach() {
    Jdk21.assume();
    LeakScope scope = LeakCheck.open(STOP);
    Thread thread = planted.virtual("stray");
    Planted.awaitWaitingIn(thread, CountDownLatch.class);

    Afterwards afterwards = stopped(scope);

    assertThat(afterwards.lines().get(0))
        .isIn(
            "thread \"stray\" was interrupted",
            "1 virtual thread could not be reached: without the agent only thread dumps show them");
    assertThat(afterwards.ended()).isEqualTo(!thread.isAlive());
  }

  @Test
  void whatIgnoresItIsNamed() throws InterruptedException {
    LeakScope scope = LeakCheck.open(STOP);
    AtomicInteger interrupts = new AtomicInteger();
    Thread thread =
        planted.thread(
            "deaf",
            () -> {
              boolean released = false;
              while (!released) {
                try {
                  planted.awaitRelease();
                  released = true;
                } catch (InterruptedException e) {
                  interrupts.incrementAndGet();
                }
              }
            });

    Afterwards afterwards = stopped(scope);

    assertThat(afterwards.lines())
        .containsExactly(
            "thread \"deaf\" was interrupted",
            "cannot be stopped: thread \"deaf\": still alive after being told");
    assertThat(afterwards.ended()).isFalse();
    assertThat(thread.isAlive()).isTrue();
    planted.release();
    thread.join();
    assertThat(interrupts).hasValue(1);
  }

  @Test
  void aTimerIsNamedAsWhatCannotBeStopped() {
    LeakScope scope = LeakCheck.open(STOP);
    Timer timer = planted.timer("ticks");

    Afterwards afterwards = stopped(scope);

    assertThat(afterwards.lines())
        .contains("cannot be stopped: thread \"ticks\": only cancel() ends a Timer's thread");
    assertThat(timer.purge()).isZero();
  }

  @Test
  void noMethodThatAClassOverridesIsCalled() {
    LeakScope scope = LeakCheck.open(STOP);
    CountingPool pool = planted.executor(new CountingPool());
    Owner owner = new Owner(pool);
    scope.watch(owner);
    CountDownLatch interrupted = new CountDownLatch(1);
    planted.submit(
        pool,
        () -> {
          try {
            planted.awaitRelease();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        });

    Afterwards afterwards = stopped(scope);

    assertThat(pool.calls).hasValue(0);
    Planted.await(interrupted);
    assertThat(afterwards.lines())
        .anyMatch(line -> line.contains("CountingPool was not shut down: code that is not"));
    assertThat(afterwards.ended()).isFalse();
    assertThat(owner.held).isSameAs(pool);
  }

  /** To empty its queue compares what is in it. */
  @Test
  void aPoolWhoseTasksAreComparedIsNotShutDown() {
    LeakScope scope = LeakCheck.open(STOP);
    AtomicInteger byOthers = new AtomicInteger();
    Comparator<Runnable> comparator =
        (left, right) ->
            WorkerStacks.isPoolWorker(List.of(Thread.currentThread().getStackTrace()))
                ? 0
                : byOthers.incrementAndGet();
    ThreadPoolExecutor pool =
        planted.executor(
            new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>(11, comparator)));
    scope.watch(planted.keep(new Owner(pool)));
    planted.occupy(pool, 1);
    for (int i = 0; i < 3; i++) {
      pool.execute(() -> {});
    }
    int before = byOthers.get();

    Afterwards afterwards = stopped(scope);

    assertThat(before).isPositive();
    assertThat(byOthers).hasValue(before);
    assertThat(afterwards.lines())
        .anyMatch(line -> line.contains("ThreadPoolExecutor was not shut down: code that is not"));
    assertThat(pool.isShutdown()).isFalse();
  }

  @Test
  void aPoolWhoseClassHasAWordWhenItTerminatesIsNotShutDown() {
    LeakScope scope = LeakCheck.open(STOP);
    AtomicInteger calls = new AtomicInteger();
    ThreadPoolExecutor pool =
        planted.executor(
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()) {
              @Override
              protected void terminated() {
                calls.incrementAndGet();
              }
            });
    Owner owner = new Owner(pool);
    scope.watch(owner);
    planted.occupy(pool, 1);

    assertThat(stopped(scope).lines()).anyMatch(line -> line.contains(" was not shut down: code"));
    assertThat(calls).hasValue(0);
    assertThat(owner.held).isSameAs(pool);
  }

  @Test
  void aThreadWhoseClassOverridesInterruptIsNotInterrupted() {
    LeakScope scope = LeakCheck.open(STOP);
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch started = new CountDownLatch(1);
    Thread thread =
        planted.start(
            new Thread(planted.waiting(started), "own") {
              @Override
              public void interrupt() {
                calls.incrementAndGet();
              }
            },
            started);

    assertThat(stopped(scope).lines())
        .containsExactly(
            "cannot be stopped: thread \"own\": its class overrides interrupt(), which was not"
                + " called");
    assertThat(calls).hasValue(0);
    assertThat(thread.isAlive()).isTrue();
  }

  @Test
  void whatIsAcceptedGoesOn() {
    LeakScope scope =
        LeakCheck.open(
            STOP.allow(
                Allowance.of(Set.of(LeakKind.STRAY_THREAD), "mine", "", "", "it may go on")));
    Thread mine = planted.thread("mine");
    Thread stray = planted.thread("stray");
    Planted.awaitWaitingIn(mine, CountDownLatch.class);
    Planted.awaitWaitingIn(stray, CountDownLatch.class);

    Findings findings = close(scope);

    assertThat(only(findings).afterwards().ended()).isTrue();
    assertThat(findings.allowed()).hasSize(1);
    assertThat(findings.allowed().get(0).finding().afterwards()).isNull();
    assertThat(mine.isAlive()).isTrue();
    assertThat(mine.isInterrupted()).isFalse();
  }

  @Test
  void aWorkerOfTheCommonPoolGoesOn() {
    CountDownLatch started = new CountDownLatch(1);
    LeakScope scope = LeakCheck.open(STOP);
    ForkJoinPool.commonPool().execute(planted.waiting(started));
    Planted.await(started);

    Findings findings = close(scope);

    assertThat(findings.list())
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.afterwards()).isNull());
    planted.release();
    assertThat(ForkJoinPool.commonPool().awaitQuiescence(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingIsStoppedWithoutBeingAskedFor() {
    LeakScope scope = Scopes.atOnce();
    Thread thread = planted.thread("stray");

    assertThat(only(close(scope)).afterwards()).isNull();
    assertThat(thread.isAlive()).isTrue();
  }

  @Test
  void nothingIsStoppedOnTheWay() {
    LeakScope scope = LeakCheck.open(STOP);
    Thread thread = planted.thread("stray");

    assertThat(only(scope.findings()).afterwards()).isNull();
    assertThat(thread.isAlive()).isTrue();
    assertThat(thread.isInterrupted()).isFalse();

    assertThat(stopped(scope).ended()).isTrue();
  }

  /** While something ticks, a check cannot know that nothing will change: it waits in full. */
  @Test
  void theNextCheckIsNotSlowedByWhatTicked() {
    LeakScope first = LeakCheck.open(STOP);
    Thread ticker =
        planted.thread(
            "ticker",
            () -> {
              while (true) {
                TimeUnit.MILLISECONDS.sleep(1);
              }
            });
    assertThat(stopped(first).ended()).isTrue();
    assertThat(ticker.isAlive()).isFalse();

    LeakScope next = LeakCheck.open(STOP.settle(Duration.ofSeconds(50)));
    Planted.awaitWaitingIn(planted.thread("stuck"), CountDownLatch.class);
    Findings findings = close(next);

    assertThat(only(findings).title()).contains("\"stuck\"");
    assertThat(findings.settledEarly()).isTrue();
  }

  @Test
  void whatAThreadDiesOfWhenItIsInterruptedIsNoLeakOfAnybodys() throws InterruptedException {
    LeakScope outer = LeakCheck.open(Scopes.PATIENT);
    LeakScope scope = LeakCheck.open(STOP.within(outer));
    Thread thread =
        dying(
            () -> {
              try {
                planted.awaitRelease();
              } catch (InterruptedException e) {
                throw new IllegalStateException(
                    "stopped"); // which does not tell that it was asked for
              }
            });
    Planted.awaitWaitingIn(thread, CountDownLatch.class);
    assertThat(stopped(scope).ended()).isTrue();
    thread.join();

    assertThat(outer.findings().list()).isEmpty();
    outer.end();
  }

  @Test
  void whatAThreadDiesOfByItselfIsTold() throws InterruptedException {
    LeakScope outer = LeakCheck.open(Scopes.PATIENT);
    LeakScope scope = LeakCheck.open(STOP.within(outer));
    Thread stray = planted.thread("stray");
    Planted.awaitWaitingIn(stray, CountDownLatch.class);
    assertThat(stopped(scope).ended()).isTrue();
    dying(
            () -> {
              throw new IllegalStateException("by itself");
            })
        .join();

    assertThat(only(outer.findings()).kind()).isEqualTo(LeakKind.UNCAUGHT_EXCEPTION);
    outer.end();
  }

  private Thread dying(Runnable body) {
    CountDownLatch started = new CountDownLatch(1);
    return planted.start(
        new Thread(
            () -> {
              started.countDown();
              body.run();
            },
            "dies"),
        started);
  }
}
