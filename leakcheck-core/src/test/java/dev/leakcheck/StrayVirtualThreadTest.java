package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StrayVirtualThreadTest {

  @AutoClose private final Planted planted = new Planted();

  @BeforeEach
  void needsVirtualThreads() {
    Jdk21.assume();
  }

  @Test
  void virtualThreadThatWaitsForEverIsFound() {
    LeakScope scope = Scopes.atOnce();
    planted.virtual("stray");

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_VIRTUAL_THREAD);
    assertThat(finding.threads().get(0).virtual()).isTrue();
  }

  @Test
  void virtualThreadIsFoundByABriefScope() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief());
    planted.virtual("stray");

    assertThat(scope).hasKinds(LeakKind.STRAY_VIRTUAL_THREAD);
  }

  @Test
  void virtualThreadWithoutANameIsFound() {
    LeakScope scope = Scopes.atOnce();
    Thread thread = planted.virtual("");

    assertThat(only(scope.findings()).fact("thread").orElseThrow())
        .contains("(unnamed) #" + Golden.id(thread));
  }

  @Test
  void virtualThreadThatRunsIsFound() {
    LeakScope scope = Scopes.atOnce();
    planted.virtual(
        "busy",
        () -> {
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
          }
        });

    assertThat(scope).hasKinds(LeakKind.STRAY_VIRTUAL_THREAD);
  }

  @Test
  void virtualThreadThatEndedPasses() {
    LeakScope scope = Scopes.patient();
    Planted.awaitEnd(planted.virtual("short", () -> {}));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void virtualThreadThatEndsWhileTheCheckWaitsPasses() {
    LeakScope scope = Scopes.patient();
    planted.virtual("soon", () -> TimeUnit.MILLISECONDS.sleep(20));

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void virtualThreadThatTheScopeOpenedWithPasses() {
    planted.virtual("older");
    LeakScope scope = Scopes.patient();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void virtualThreadThatWasNeverStartedPasses() {
    LeakScope scope = Scopes.patient();
    Thread unstarted = Jdk21.unstartedVirtual();

    assertThat(scope).hasNoLeaks();
    assertThat(unstarted.isAlive()).isFalse();
  }

  @Test
  void virtualThreadsAtTheSamePlaceAreFoldedWithACount() {
    LeakScope scope = Scopes.atOnce();
    for (int i = 1; i <= 100; i++) {
      Planted.awaitWaitingIn(planted.virtual("request-" + i), CountDownLatch.class);
    }

    Finding finding = only(scope.findings());

    assertThat(finding.threads()).hasSize(100);
    assertThat(finding.title())
        .isEqualTo("100 virtual threads blocked for ever in CountDownLatch.await()");
  }

  @Test
  void carriersAndPollersOfVirtualThreadsAreNoLeak() {
    LeakScope scope = Scopes.patient();
    Planted.awaitEnd(planted.virtual("io", () -> TimeUnit.MILLISECONDS.sleep(1)));

    assertThat(scope).hasNoLeaks();
  }

  private static final class PricePoller {
    void poll() throws InterruptedException {
      TimeUnit.HOURS.sleep(1);
    }
  }

  @Test
  void messageTellsWhereTheVirtualThreadStands() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    Thread thread = planted.virtual("price-poller-3", new PricePoller()::poll);
    Planted.awaitTimedWaiting(thread);

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 virtual thread behind (waited T)

            1) stray-virtual-thread   virtual thread "price-poller-3" still alive, sleeping
                 thread     price-poller-3 (virtual)
                 doing      sleeping
                              at dev.leakcheck.StrayVirtualThreadTest$PricePoller.poll(StrayVirtualThreadTest.java:LINE)
                              at dev.leakcheck.Planted.lambda$signalling$N(Planted.java:LINE)
                 why        it was still alive when the wait was over; it may still end by itself
                 fix        where its owner stops, interrupt() the thread and join() it, and let dev.leakcheck.StrayVirtualThreadTest$PricePoller.poll(StrayVirtualThreadTest.java:LINE) end on an interrupt
                 allow      @AllowLeaks(kind = LeakKind.STRAY_VIRTUAL_THREAD, thread = "price-poller-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
