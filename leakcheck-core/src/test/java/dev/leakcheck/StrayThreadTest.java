package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StrayThreadTest {

  @AutoClose private final Planted planted = new Planted();

  @Test
  void threadThatWaitsForEverIsFound() {
    LeakScope scope = Scopes.atOnce();
    Thread thread = planted.thread("stray");
    Planted.awaitWaitingIn(thread, CountDownLatch.class);

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_THREAD);
    assertThat(finding.title())
        .isEqualTo("thread \"stray\" blocked for ever in CountDownLatch.await()");
  }

  @Test
  void threadThatSleepsIsFound() {
    LeakScope scope = Scopes.atOnce();
    Thread thread = planted.thread("sleeper", () -> TimeUnit.HOURS.sleep(1));
    Planted.awaitTimedWaiting(thread);

    assertThat(only(scope.findings()).title())
        .isEqualTo("thread \"sleeper\" still alive, sleeping");
  }

  @Test
  void threadThatRunsIsFound() {
    LeakScope scope = Scopes.atOnce();
    planted.thread(
        "busy",
        () -> {
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
        });

    assertThat(only(scope.findings()).kind()).isEqualTo(LeakKind.STRAY_THREAD);
  }

  @Test
  void threadThatWaitsForALockNamesTheOneThatHoldsIt() {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    try {
      LeakScope scope = Scopes.atOnce();
      Thread thread = planted.thread("locked out", lock::lockInterruptibly);
      Planted.awaitWaitingIn(thread, ReentrantLock.class);

      assertThat(only(scope.findings()).fact("waits for"))
          .contains(
              "a ReentrantLock held by thread \""
                  + Thread.currentThread().getName()
                  + "\", which is running");
    } finally {
      lock.unlock();
    }
  }

  /** As {@code close()} does that is called from the thread that it waits for. */
  @Test
  void threadThatJoinsItselfIsToldToLeaveThatOut() {
    LeakScope scope = Scopes.atOnce();
    Thread thread = planted.thread("callback", () -> Thread.currentThread().join());
    Planted.awaitWaitingIn(thread, Thread.class);

    Finding finding = only(scope.findings());

    assertThat(finding.fact("waits for")).contains("its own end");
    assertThat(finding.fix())
        .startsWith("let dev.leakcheck.StrayThreadTest.")
        .contains(" leave out the join() of a thread that is Thread.currentThread(); or, wh")
        .endsWith(", interrupt() the thread and join() it");
  }

  @Test
  void threadThatJoinsAnotherIsToldWhichToStop() {
    Thread other = planted.thread("other");
    LeakScope scope = Scopes.atOnce();
    Thread thread = planted.thread("joiner", other::join);
    Planted.awaitWaitingIn(thread, Thread.class);

    assertThat(only(scope.findings()).fix()).startsWith("stop thread \"other\" first");
  }

  @Test
  void daemonThreadIsFoundAsWell() {
    LeakScope scope = Scopes.atOnce();
    CountDownLatch started = new CountDownLatch(1);
    Thread thread = new Thread(planted.waiting(started), "background");
    thread.setDaemon(true);
    planted.start(thread, started);

    assertThat(only(scope.findings()).fact("thread")).contains("background (daemon)");
  }

  @Test
  void threadThatEndedPasses() {
    LeakScope scope = Scopes.patient();
    Planted.awaitEnd(planted.thread("short", () -> {}));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void threadThatWasNeverStartedPasses() {
    LeakScope scope = Scopes.patient();
    Thread unstarted = new Thread(() -> {}, "unstarted");

    assertThat(scope).hasNoLeaks();
    assertThat(unstarted.isAlive()).isFalse();
  }

  @Test
  void threadThatTheScopeOpenedWithPasses() {
    planted.thread("older");
    LeakScope scope = Scopes.patient();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void threadThatWasMadeBeforeTheScopeAndStartedInItIsFound() {
    CountDownLatch started = new CountDownLatch(1);
    Thread thread = new Thread(planted.waiting(started), "made before");
    LeakScope scope = Scopes.atOnce();
    planted.start(thread, started);

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void threadThatIsFoundByABriefScope() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief());
    planted.thread("stray");

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD);
  }

  /** A class of the user's that lies. */
  private static final class LyingThread extends Thread {
    LyingThread(Runnable body) {
      super(body, "liar");
    }

    @SuppressWarnings("deprecation")
    @Override
    public long getId() {
      return Jdk21.AVAILABLE ? 1 : super.getId(); // all there is before threadId()
    }

    @Override
    public State getState() {
      throw new AssertionError("getState was called");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new AssertionError("getStackTrace was called");
    }

    @Override
    public String toString() {
      throw new AssertionError("toString was called");
    }
  }

  @Test
  void threadWhoseMethodsLieIsFound() {
    LeakScope scope = Scopes.atOnce();
    CountDownLatch started = new CountDownLatch(1);
    planted.start(new LyingThread(planted.waiting(started)), started);

    assertThat(only(scope.findings()).threads().get(0).type()).endsWith("LyingThread");
  }

  @Test
  void threadsAtTheSamePlaceAreFoldedWithACount() {
    LeakScope scope = Scopes.atOnce();
    for (int i = 1; i <= 12; i++) {
      Planted.awaitWaitingIn(planted.thread("poller-" + i), CountDownLatch.class);
    }

    Finding finding = only(scope.findings());

    assertThat(finding.title()).isEqualTo("12 threads blocked for ever in CountDownLatch.await()");
    assertThat(finding.fact("threads").orElseThrow()).contains(" and 7 more");
    assertThat(finding.fact("doing").orElseThrow()).startsWith("12 × waiting");
    assertThat(finding.fact("waits for")).contains("12 × a latch to reach 0: its count is 1");
  }

  @Test
  void threadsAtDifferentPlacesAreFindingsOfTheirOwn() {
    LeakScope scope = Scopes.atOnce();
    Planted.awaitWaitingIn(planted.thread("poller-1"), CountDownLatch.class);
    Planted.awaitTimedWaiting(planted.thread("poller-2", () -> TimeUnit.HOURS.sleep(1)));

    assertThat(scope).hasKinds(LeakKind.STRAY_THREAD, LeakKind.STRAY_THREAD);
  }

  private static final class PricePoller {
    void poll() throws InterruptedException {
      TimeUnit.HOURS.sleep(1);
    }
  }

  @Test
  void messageTellsWhereTheThreadStands() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    Thread thread = planted.thread("price-poller-3", new PricePoller()::poll);
    Planted.awaitTimedWaiting(thread);

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 thread behind (waited T)

            1) stray-thread   thread "price-poller-3" still alive, sleeping
                 thread     price-poller-3 (not daemon: it keeps the JVM alive)
                 doing      sleeping
                              at dev.leakcheck.StrayThreadTest$PricePoller.poll(StrayThreadTest.java:LINE)
                              at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                 why        it was still alive when the wait was over; it may still end by itself
                 fix        where its owner stops, interrupt() the thread and join() it, and let dev.leakcheck.StrayThreadTest$PricePoller.poll(StrayThreadTest.java:LINE) end on an interrupt
                 allow      @AllowLeaks(kind = LeakKind.STRAY_THREAD, thread = "price-poller-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
