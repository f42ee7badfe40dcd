package dev.leakcheck;

import static dev.leakcheck.assertj.LeakCheckAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.model.Allowance;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.LeakKind;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AllowancesTest {

  private static final Allowance POLLERS =
      Allowance.of(
          Set.of(LeakKind.STRAY_THREAD), "price-poller-*", "", "lives as long as the feed");

  @AutoClose private final Planted planted = new Planted();

  @Test
  void leakThatIsAllowedPassesAndIsListedWithItsReason() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.allow(POLLERS));
    planted.thread("price-poller-17");

    Findings findings = scope.findings();

    assertThat(findings).hasNoLeaks();
    assertThat(findings.allowed()).hasSize(1);
    assertThat(findings.allowed().get(0).reason()).isEqualTo("lives as long as the feed");
    assertThat(findings.unusedAllowances()).isEmpty();
  }

  @Test
  void leakThatIsNotAllowedIsFoundBesideOneThatIs() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.allow(POLLERS).named("a test"));
    planted.thread("price-poller-17");
    planted.timer("order-timer");

    assertThatThrownBy(scope::close)
        .isInstanceOf(LeakAssertionError.class)
        .hasMessageContaining("a test left 1 timer behind")
        .hasMessageContaining("allowed: stray-thread thread \"price-poller-17\" blocked for ever")
        .hasMessageContaining("(lives as long as the feed)");
  }

  @Test
  void allowanceThatMatchedNothingIsMentioned() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.allow(POLLERS));
    planted.thread("order-poller-1");

    assertThatThrownBy(scope::close)
        .hasMessageContaining(
            "allowance that matched nothing: stray-thread thread \"price-poller-*\" (lives as long"
                + " as the feed)");
  }

  @Test
  void allowanceOfACreatorMatchesNothingWithoutAnAgentAndSaysSo() {
    LeakScope scope =
        LeakCheck.open(
            Scopes.AT_ONCE.allow(
                Allowance.of(Set.of(), "", "dev.leakcheck.*", "known since long")));
    planted.thread("order-poller-1");

    assertThatThrownBy(scope::close)
        .hasMessageContaining(
            "allowance that matched nothing: createdBy \"dev.leakcheck.*\" (known since long):"
                + " createdBy needs the agent, and there is none");
  }

  @Test
  void scopeWithOnlyAllowedLeaksCloses() {
    LeakScope scope = LeakCheck.open(Scopes.AT_ONCE.allow(POLLERS));
    planted.thread("price-poller-1");

    assertThatCode(scope::close).doesNotThrowAnyException();
  }
}
