package dev.leakcheck.integration;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static dev.leakcheck.integration.TestScopes.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.Planted;
import dev.leakcheck.model.LeakKind;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A check that is given up when other code turns out to run meanwhile. */
class OverlappedCheckTest {

  @AutoClose private final Planted planted = new Planted();

  /** True from a call on. */
  private static BooleanSupplier fromCall(int number) {
    AtomicInteger calls = new AtomicInteger();
    return () -> calls.incrementAndGet() >= number;
  }

  @Test
  void checkThatNothingOverlapsFindsAsMuchAsAnyOther() {
    TestScope scope = TestScopes.atOnce();
    planted.thread("stray");

    assertThat(scope.findingsUnless(() -> false).orElseThrow()).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void checkIsGivenUpWhenSomethingBeginsWhileItWaits() {
    TestScope scope = TestScopes.patient();
    planted.thread("stray");

    assertThat(scope.findingsUnless(fromCall(2))).isEmpty();
  }

  @Test
  void checkIsGivenUpWhenSomethingBeganBeforeAllWasGathered() {
    TestScope scope = TestScopes.atOnce();
    planted.thread("stray");

    assertThat(scope.findingsUnless(fromCall(2))).isEmpty();
  }

  @Test
  void whatWasGivenUpDoesNotCountAsReported() {
    TestScope scope = TestScopes.atOnce();
    TestScope around = TestScopes.atOnce();
    planted.thread("stray");

    assertThat(scope.findingsUnless(fromCall(2))).isEmpty();

    assertThat(around).hasKinds(LeakKind.STRAY_THREAD);
  }

  @Test
  void checkThatFindsNothingNeedNotBeGivenUp() {
    TestScope scope = TestScopes.patient();
    Planted.awaitEnd(planted.thread("short", () -> {}));

    assertThat(scope.findingsUnless(() -> true)).isPresent();
  }
}
