package dev.leakcheck;

import static dev.leakcheck.Scopes.only;
import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.model.Finding;
import dev.leakcheck.model.LeakKind;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class UncancelledTimerTest {

  @AutoClose private final Planted planted = new Planted();

  private static TimerTask nothing() {
    return new TimerTask() {
      @Override
      public void run() {}
    };
  }

  @Test
  void timerWithoutTasksIsFound() {
    LeakScope scope = Scopes.atOnce();
    planted.timer("price-poller");
    Planted.awaitWaitingIn(Golden.threadNamed("price-poller"), "java.util.TimerThread");

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCANCELLED_TIMER);
    assertThat(finding.fact("tasks")).contains("none is scheduled");
  }

  @Test
  void timerWithATaskIsFound() {
    LeakScope scope = Scopes.atOnce();
    planted.timer("price-poller").schedule(nothing(), TimeUnit.HOURS.toMillis(1));
    Planted.awaitTimedWaiting(Golden.threadNamed("price-poller"));

    Finding finding = only(scope.findings());

    assertThat(finding.kind()).isEqualTo(LeakKind.UNCANCELLED_TIMER);
    assertThat(finding.fact("tasks")).contains("at least one is scheduled");
  }

  @Test
  void timerThatWasCancelledPasses() {
    LeakScope scope = Scopes.patient();
    planted.timer("price-poller").cancel();

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void timerThatTheScopeOpenedWithPasses() {
    Timer timer = planted.timer("price-poller");
    LeakScope scope = Scopes.patient();
    timer.schedule(nothing(), 0);

    assertThat(scope).hasNoLeaks();
  }

  @Test
  void twoTimersAreTwoFindings() {
    LeakScope scope = Scopes.atOnce();
    planted.timer("first");
    planted.timer("second");

    assertThat(scope).hasKinds(LeakKind.UNCANCELLED_TIMER, LeakKind.UNCANCELLED_TIMER);
  }

  /** Each has a thread of its own, however alike the JDK calls them. */
  @Test
  void timerBesideAnOlderOneOfANameThatDiffersInItsNumberIsFound() {
    planted.timer("Timer-7");
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.brief());
    planted.timer("Timer-8");

    assertThat(scope).hasKinds(LeakKind.UNCANCELLED_TIMER);
  }

  @Test
  void messageTellsTheTimerAndItsFix() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.named("OrderServiceTest.placesOrder()"));
    planted.timer("price-poller-3");
    Planted.awaitWaitingIn(Golden.threadNamed("price-poller-3"), "java.util.TimerThread");

    assertThat(Golden.message(scope))
        .isEqualTo(
            """
            LeakCheck: OrderServiceTest.placesOrder() left 1 timer behind (waited T)

            1) uncancelled-timer   java.util.Timer "price-poller-3", never cancelled
                 thread     price-poller-3 (not daemon: it keeps the JVM alive)
                 tasks      none is scheduled
                 why        a timer's thread lives until cancel() is called, or the Timer was garbage collected
                 fix        call Timer.cancel() when its owner stops; cancelling its tasks does not end the thread
                 allow      @AllowLeaks(kind = LeakKind.UNCANCELLED_TIMER, thread = "price-poller-*", reason = "…")
                 id         FINGERPRINT

            plain tier: where things were created is not recorded, add -javaagent:leakcheck-core.jar · JDK N · LeakCheck VERSION""");
  }
}
