package dev.leakcheck.inspect;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.Golden;
import dev.leakcheck.LeakAssertionError;
import dev.leakcheck.LeakCheck;
import dev.leakcheck.LeakScope;
import dev.leakcheck.Planted;
import dev.leakcheck.Scopes;
import dev.leakcheck.engine.Settling;
import dev.leakcheck.integration.TestScope;
import dev.leakcheck.integration.TestScopes;
import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StrayInterruptTest {

  @AutoClose private final Planted planted = new Planted();

  @BeforeEach
  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  private static void interrupt() {
    Thread.currentThread().interrupt();
  }

  /** What a check finds, and the flag is clear again: a fixture could not wait otherwise. */
  private static List<Finding> findings(LeakScope scope) {
    return check(scope).list();
  }

  private static Findings check(LeakScope scope) {
    Findings findings = scope.findings();
    Thread.interrupted();
    return findings;
  }

  @Test
  void threadThatInterruptsItselfIsFound() {
    LeakScope scope = Scopes.patient();
    interrupt();

    Finding finding = only(check(scope));

    assertThat(finding.kind()).isEqualTo(LeakKind.STRAY_INTERRUPT);
    assertThat(finding.fact("flag")).isEmpty();
  }

  @Test
  void scopeThatAnswersForWhatIsSharedOnlyPasses() {
    TestScope scope = TestScopes.patient();
    interrupt();

    Findings findings = scope.with(scope.options().unattributed()).findings();
    Thread.interrupted();
    assertThat(findings).hasNoLeaks();
  }

  @Test
  void restoredInterruptOfAHelperIsFound() throws InterruptedException {
    LeakScope scope = Scopes.patient();
    Thread tester = Thread.currentThread();
    CountDownLatch due = new CountDownLatch(1);
    Thread watchdog =
        planted.thread(
            "watchdog",
            () -> {
              due.await();
              tester.interrupt();
            });
    due.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException expected) {
      interrupt();
    }

    Findings findings = check(scope);

    assertThat(only(findings).kind()).isEqualTo(LeakKind.STRAY_INTERRUPT);
    Planted.awaitEnd(watchdog);
  }

  @Test
  void flagStaysAsItIs() {
    assertThatThrownBy(() -> LeakCheck.assertNoLeaks(StrayInterruptTest::interrupt))
        .isInstanceOf(LeakAssertionError.class);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptBesideALeakIsFoundThoughTheCheckWaits() {
    LeakScope scope = Scopes.atOnce();
    planted.thread("stray");
    interrupt();

    assertThat(findings(scope))
        .extracting(Finding::kind)
        .containsExactly(LeakKind.STRAY_THREAD, LeakKind.STRAY_INTERRUPT);
  }

  @Test
  void interruptThatComesWhileTheCheckWaitsIsNotTheScopes() {
    LeakScope scope = Scopes.patient();
    Thread tester = Thread.currentThread();
    planted.thread(
        "late",
        () -> {
          Planted.awaitWaitingIn(tester, Settling.class);
          tester.interrupt();
        });

    assertThat(findings(scope)).isEmpty();
  }

  @Test
  void flagThatWasClearedInTimePasses() {
    LeakScope scope = Scopes.patient();
    interrupt();
    Thread.interrupted();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void threadThatWasInterruptedWhenTheScopeOpenedPasses() {
    interrupt();
    LeakScope scope = Scopes.patient();

    assertThat(findings(scope)).isEmpty();
  }

  @Test
  void scopeOfAnotherThreadPasses() throws InterruptedException {
    AtomicReference<LeakScope> opened = new AtomicReference<>();
    Thread opener = planted.thread("opener", () -> opened.set(Scopes.patient()));
    Planted.awaitEnd(opener);
    interrupt();

    assertThat(findings(opened.get())).isEmpty();
  }

  @Test
  void anotherThreadsFlagPasses() throws InterruptedException {
    LeakScope scope = Scopes.patient();
    Thread other = planted.thread("other", StrayInterruptTest::interrupt);
    Planted.awaitEnd(other);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void innermostScopeTellsOfItAndTheOthersDoNot() {
    LeakScope outer = Scopes.patient();
    LeakScope inner = Scopes.patient();
    interrupt();

    assertThat(only(inner.findings()).kind()).isEqualTo(LeakKind.STRAY_INTERRUPT);
    assertThat(inner.findings().list()).as("asked again").hasSize(1);
    assertThat(findings(outer)).isEmpty();
  }

  @Test
  void nextInterruptOfTheSameThreadIsAnother() {
    for (int i = 0; i < 3; i++) {
      LeakScope scope = Scopes.patient();
      interrupt();

      assertThat(only(check(scope)).kind()).isEqualTo(LeakKind.STRAY_INTERRUPT);
    }
  }

  @Test
  void interruptCanBeAllowed() {
    LeakScope scope =
        LeakCheck.open(
            Scopes.PATIENT.allow(
                Allowance.of(Set.of(LeakKind.STRAY_INTERRUPT), "", "", "known of")));
    interrupt();

    Findings findings = check(scope);

    assertThat(findings.list()).isEmpty();
    assertThat(findings.allowed()).hasSize(1);
  }

  @Test
  void messageTellsWhoUsuallyDoesThat() throws InterruptedException {
    AtomicReference<String> message = new AtomicReference<>("");
    Thread runner =
        planted.thread(
            "runner-1",
            () -> {
              LeakScope scope =
                  LeakCheck.open(Scopes.PATIENT.named("OrderServiceTest.placesOrder()"));
              interrupt();
              message.set(Golden.message(scope));
            });
    Planted.awaitEnd(runner);

    assertThat(message.get())
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 interrupt behind (waited T)

            1) stray-interrupt   thread "runner-1" was left interrupted
                 why        it was not when this began; the next sleep(), join() or take() on this thread fails at once
                 usually    a helper caught InterruptedException and restored the flag with Thread.currentThread().interrupt(),
                            the test interrupted its own thread and nothing took note of it,
                            or a cancel(true), shutdownNow() or watchdog interrupted it too late
                 fix        where the interrupt is meant, assert and clear it: assertTrue(Thread.interrupted()); otherwise let whoever interrupts this thread be done before this ends
                 allow      @AllowLeaks(kind = LeakKind.STRAY_INTERRUPT, reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
