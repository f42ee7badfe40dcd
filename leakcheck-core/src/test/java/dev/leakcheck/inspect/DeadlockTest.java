package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.Golden;
import dev.leakcheck.HangPrint;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakCheckOptions;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.engine.scope.Key;
import dev.leakcheck.engine.scope.Scope;
import dev.leakcheck.hang.HangWatch;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import dev.leakcheck.wiring.ThisJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Deadlocks that an interrupt ends. Those that nothing ends are in {@link DeadlockInChildTest}, in
 * JVMs of their own.
 */
class DeadlockTest {

  @AutoClose private final Planted planted = new Planted();
  @AutoClose private final HangPrint print = new HangPrint();

  /** Each thread takes its lock and then wants the next one's; an interrupt ends it. */
  private List<Thread> plant(List<String> names, List<? extends Lock> locks) {
    CountDownLatch taken = new CountDownLatch(names.size());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Lock own = locks.get(i);
      Lock next = locks.get((i + 1) % locks.size());
      threads.add(planted.thread(names.get(i), () -> takeBoth(own, taken, next)));
    }
    threads.forEach(thread -> Planted.awaitWaitingIn(thread, locks.get(0).getClass()));
    return threads;
  }

  private static void takeBoth(Lock own, CountDownLatch taken, Lock next)
      throws InterruptedException {
    own.lock();
    try {
      taken.countDown();
      taken.await();
      next.lockInterruptibly();
      next.unlock();
    } finally {
      own.unlock();
    }
  }

  private static List<ReentrantLock> locks(int count) {
    List<ReentrantLock> locks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      locks.add(new ReentrantLock());
    }
    return locks;
  }

  @Test
  void messageDrawsTheCycle() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("BankTest.transfers()"));
    plant(List.of("transfer-1", "transfer-2"), locks(2));

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: BankTest.transfers() left 1 deadlock behind (waited T)

            1) deadlock   2 threads wait for each other: "transfer-1", "transfer-2"
                 cycle      "transfer-1"
                              holds ReentrantLock@HASH
                              wants ReentrantLock@HASH, held by "transfer-2"
                                at dev.leakcheck.inspect.DeadlockTest.takeBoth(DeadlockTest.java:LINE)
                                at dev.leakcheck.inspect.DeadlockTest.lambda$plant$N(DeadlockTest.java:LINE)
                                at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                            "transfer-2"
                              holds ReentrantLock@HASH
                              wants ReentrantLock@HASH, held by "transfer-1"
                                at dev.leakcheck.inspect.DeadlockTest.takeBoth(DeadlockTest.java:LINE)
                                at dev.leakcheck.inspect.DeadlockTest.lambda$plant$N(DeadlockTest.java:LINE)
                                at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                 why        each waits without a time limit for what the next one holds: none of them can go on
                 fix        take these locks in the same order everywhere, or do not call out while one is held; or take the second with tryLock(time, unit), and give up the first if it fails
                 allow      @AllowLeaks(kind = LeakKind.DEADLOCK, thread = "transfer-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }

  @Test
  void threePartiesAreOneFinding() {
    LeakScope scope = Scopes.atOnce();
    plant(List.of("a", "b", "c"), locks(3));

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.DEADLOCK);
    assertThat(finding.title()).isEqualTo("3 threads wait for each other: \"a\", \"b\", \"c\"");
    assertThat(finding.threads()).hasSize(3);
  }

  @Test
  void twoDeadlocksAreTwoFindings() {
    LeakScope scope = Scopes.atOnce();
    plant(List.of("a", "b"), locks(2));
    plant(List.of("c", "d"), locks(2));

    assertThat(scope).hasKinds(LeakKind.DEADLOCK, LeakKind.DEADLOCK);
  }

  @Test
  void writeLocksAreFound() {
    LeakScope scope = Scopes.atOnce();
    List<ReentrantReadWriteLock.WriteLock> locks =
        List.of(new ReentrantReadWriteLock().writeLock(), new ReentrantReadWriteLock().writeLock());
    plant(List.of("a", "b"), locks);

    assertThat(only(scope.findings()).fact("cycle").orElseThrow())
        .contains("wants ReentrantReadWriteLock@");
  }

  @Test
  void fingerprintDoesNotDependOnWhoCameFirst() {
    LeakScope scope = Scopes.atOnce();
    plant(List.of("a", "b"), locks(2));
    LeakScope other = Scopes.atOnce();
    String first = only(scope.findings()).fingerprint();
    plant(List.of("b", "a"), locks(2));

    assertThat(only(other.findings()).fingerprint()).isEqualTo(first);
  }

  @Test
  void threadThatWaitsBehindIsNamedAndNotToldAgain() {
    LeakScope scope = Scopes.atOnce();
    List<ReentrantLock> locks = locks(2);
    plant(List.of("a", "b"), locks);
    Thread third = planted.thread("third", locks.get(0)::lockInterruptibly);
    Planted.awaitWaitingIn(third, ReentrantLock.class);

    assertThat(only(scope.findings()).fact("behind it"))
        .contains("third waits for what these hold, and cannot go on either");
  }

  @Test
  void threadThatMerelyLivesIsToldBesides() {
    LeakScope scope = Scopes.atOnce();
    plant(List.of("a", "b"), locks(2));
    planted.thread("other");

    assertThat(scope).hasKinds(LeakKind.DEADLOCK, LeakKind.STRAY_THREAD);
  }

  @Test
  void deadlockIsReportedOnce() {
    LeakScope outer = Scopes.atOnce();
    LeakScope inner = Scopes.atOnce();
    plant(List.of("a", "b"), locks(2));

    assertThat(inner).hasKinds(LeakKind.DEADLOCK);
    assertThat(inner).hasKinds(LeakKind.DEADLOCK);
    assertThat(outer).hasNoLeaks();
  }

  @Test
  void deadlockCanBeAllowed() {
    Allowance allowance = Allowance.of(Set.of(LeakKind.DEADLOCK), "a*", "", "on purpose");
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.allow(allowance));
    plant(List.of("a1", "a2"), locks(2));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void briefScopeFindsIt() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief());
    plant(List.of("a", "b"), locks(2));

    assertThat(scope).hasKinds(LeakKind.DEADLOCK);
  }

  @Test
  void deadlockOfOlderThreadsThatAroseInTheScopeIsFound() {
    ExecutorService pool = planted.executor(Executors.newFixedThreadPool(2));
    planted.occupyAndRelease(pool, 2);
    LeakScope scope = Scopes.atOnce();
    LeakScope brief = LeakCheck.open(Scopes.AT_ONCE.brief());
    List<ReentrantLock> locks = locks(2);
    CountDownLatch taken = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      int own = i;
      planted.submit(pool, () -> takeBoth(locks.get(own), taken, locks.get(1 - own)));
    }
    locks.forEach(DeadlockTest::awaitQueued);

    // Whose of the tests of a class it is cannot be told as cheaply as a test must be checked.
    assertThat(brief).hasNoLeaks();
    assertThat(only(scope.findings()).kind()).isEqualTo(LeakKind.DEADLOCK);
  }

  private static void awaitQueued(ReentrantLock lock) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!lock.hasQueuedThreads()) {
      assertThat(System.nanoTime()).as("nobody waits for the lock").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  // Near misses

  @Test
  void deadlockThatWasThereBeforeIsNotTheScopes() {
    plant(List.of("a", "b"), locks(2));
    LeakScope scope = Scopes.patient();
    LeakScope brief = LeakCheck.open(Scopes.PATIENT.brief());
    Planted.awaitEnd(planted.thread("short", () -> {}));

    assertThat(scope).hasNoLeaks();
    assertThat(brief).hasNoLeaks();
  }

  @Test
  void newThreadBehindAnOldDeadlockIsAStrayThread() {
    List<ReentrantLock> locks = locks(2);
    plant(List.of("a", "b"), locks);
    LeakScope scope = Scopes.atOnce();
    Thread third = planted.thread("third", locks.get(0)::lockInterruptibly);
    Planted.awaitWaitingIn(third, ReentrantLock.class);

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void deadlockThatTheTestInterruptsPasses() {
    LeakScope scope = Scopes.patient();
    plant(List.of("a", "b"), locks(2)).forEach(Thread::interrupt);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void contentionThatResolvesPasses() throws Exception {
    LeakScope scope = Scopes.patient();
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    Thread waiting =
        planted.thread(
            "waiting",
            () -> {
              lock.lockInterruptibly();
              lock.unlock();
            });
    Planted.awaitWaitingIn(waiting, ReentrantLock.class);
    lock.unlock();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void cycleWithATimeLimitIsNone() {
    LeakScope scope = Scopes.atOnce();
    List<ReentrantLock> locks = locks(2);
    CyclicBarrier taken = new CyclicBarrier(2);
    Thread timed =
        planted.thread(
            "timed",
            () -> {
              locks.get(0).lock();
              meet(taken);
              if (locks.get(1).tryLock(1, TimeUnit.HOURS)) {
                locks.get(1).unlock();
              }
            });
    Thread untimed =
        planted.thread(
            "untimed",
            () -> {
              locks.get(1).lock();
              meet(taken);
              locks.get(0).lockInterruptibly();
            });
    Planted.awaitTimedWaiting(timed);
    Planted.awaitWaitingIn(untimed, ReentrantLock.class);

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD, LeakKind.STRAY_THREAD);
  }

  private static void meet(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (java.util.concurrent.BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void chainWithoutACycleIsNone() {
    LeakScope scope = Scopes.atOnce();
    List<ReentrantLock> locks = locks(2);
    CountDownLatch taken = new CountDownLatch(2);
    Thread last =
        planted.thread(
            "last",
            () -> {
              locks.get(1).lock();
              taken.countDown();
              planted.awaitRelease();
            });
    Thread first = planted.thread("first", () -> takeBoth(locks.get(0), taken, locks.get(1)));
    Planted.awaitWaitingIn(first, ReentrantLock.class);
    Planted.awaitWaitingIn(last, CountDownLatch.class);

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD, LeakKind.STRAY_THREAD);
  }

  // While it hangs

  @Test
  void deadlineTellsOfTheDeadlockWithTheTestsOwnThread() {
    ReentrantLock first = new ReentrantLock();
    ReentrantLock second = new ReentrantLock();
    Thread test = Thread.currentThread();

    assertThatThrownBy(
            () ->
                LeakCheck.assertNoLeaks(
                    Scopes.PATIENT.named("the test").deadline(Duration.ofMillis(200)),
                    () -> {
                      first.lock();
                      try {
                        CountDownLatch taken = new CountDownLatch(1);
                        planted.thread(
                            "other",
                            () -> {
                              second.lock();
                              try {
                                taken.countDown();
                                first.lockInterruptibly();
                              } finally {
                                second.unlock();
                              }
                            });
                        Planted.await(taken);
                        interruptOnceWatched(test);
                        second.lockInterruptibly();
                      } finally {
                        first.unlock();
                        planted.close();
                      }
                    }))
        .isInstanceOf(InterruptedException.class)
        .satisfies(
            failure ->
                assertThat(failure.getSuppressed())
                    .singleElement()
                    .asString()
                    .startsWith(
                        "dev.leakcheck.Hang: LeakCheck: the test has not ended after 200 ms:"
                            + " 1 deadlock")
                    .contains("2 threads wait for each other: \"" + test.getName() + "\"")
                    .contains("wants ReentrantLock@"));
  }

  /** Ends the test's own wait, as JUnit's time limit does. */
  private void interruptOnceWatched(Thread test) {
    planted.thread(
        "timeout",
        () -> {
          print.await();
          test.interrupt();
        });
  }

  @Test
  void deadlineTellsWhatThreadsAreDoing() {
    assertThatThrownBy(
            () ->
                LeakCheck.assertNoLeaks(
                    Scopes.AT_ONCE.named("the test").deadline(Duration.ofMillis(100)),
                    () -> {
                      planted.thread("worker-1");
                      print.await();
                    }))
        .isInstanceOf(LeakAssertionError.class)
        .satisfies(
            failure ->
                assertThat(Golden.normalise(failure.getSuppressed()[0].getMessage()))
                    .startsWith(
                        "LeakCheck: the test has not ended after 100 ms; no deadlock was seen\n"
                            + "     thread     \""
                            + Thread.currentThread().getName()
                            + "\" waiting in CompletableFuture.get(), with a time limit\n"
                            + "                  at"
                            + " dev.leakcheck.HangPrint.await(HangPrint.java:LINE)\n")
                    .contains(
                        "     made here  \"worker-1\" waiting in CountDownLatch.await(), without a"
                            + " time limit\n"));
  }

  @Test
  void deadlineThatIsKeptSaysNothing() {
    Scope scope =
        ThisJvm.engine().open(Key.OPTIONS.open(Scopes.PATIENT.deadline(Duration.ofHours(1))));
    HangWatch watch = Objects.requireNonNull(ThisJvm.hangs().ofDeadline(scope));

    assertThat(ThisJvm.engine().check(scope)).hasNoLeaks();
    watch.close();
    assertThat(watch.seen()).isEmpty();
    scope.end();
    assertThat(print.isEmpty()).isTrue();
  }

  @Test
  void watchdogIsNobodysThread() {
    LeakScope before = LeakCheck.open(Scopes.AT_ONCE.brief());
    LeakScope watched = LeakCheck.open(Scopes.AT_ONCE.deadline(Duration.ofHours(1)));

    assertThat(before).hasNoLeaks();
    assertThat(LeakCheck.open(Scopes.AT_ONCE)).hasNoLeaks();
    watched.end();
  }

  @Test
  void deadlineMustBePositive() {
    for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
      assertThatThrownBy(() -> LeakCheckOptions.defaults().deadline(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("deadline must be positive and at most a day, but is " + bad);
    }
  }
}
