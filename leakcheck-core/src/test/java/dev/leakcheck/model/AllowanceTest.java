package dev.leakcheck.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowanceTest {

  private static Finding finding(LeakKind kind, String... threads) {
    return new Finding(
        kind,
        "title",
        List.of(),
        "fix",
        Stream.of(threads).map(AllowanceTest::thread).toList(),
        List.of(),
        null,
        new Origin.Unknown("test"),
        "0");
  }

  private static ThreadRecord thread(String name) {
    return new ThreadRecord(
        1,
        name,
        false,
        false,
        Thread.State.WAITING,
        ThreadRecord.PLAIN_TYPE,
        "main",
        List.of(),
        null,
        null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t"})
  void reasonMustNotBeBlank(String reason) {
    assertThatThrownBy(() -> Allowance.of(Set.of(LeakKind.STRAY_THREAD), "x-*", reason))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an allowance needs a reason");
  }

  @Test
  void allowanceForEverythingIsRefused() {
    assertThatThrownBy(() -> Allowance.of(Set.of(), "", "too lazy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs a kind or a thread pattern")
        .hasMessageContaining("too lazy");
  }

  @Test
  void kindMustBeOneOfTheKinds() {
    Allowance allowance = Allowance.of(Set.of(LeakKind.STRAY_THREAD), "", "known");

    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "any"))).isTrue();
    assertThat(allowance.matches(finding(LeakKind.UNCANCELLED_TIMER, "any"))).isFalse();
  }

  @Test
  void everyThreadMustMatchThePattern() {
    Allowance allowance = Allowance.of(Set.of(), "poller-*", "known");

    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "poller-1", "poller-2"))).isTrue();
    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "poller-1", "writer-1"))).isFalse();
  }

  @Test
  void findingWithoutThreadsMatchesNoPattern() {
    assertThat(Allowance.of(Set.of(), "*", "known").matches(finding(LeakKind.LEFTOVER_QUEUE)))
        .isFalse();
  }

  @Test
  void patternIsWholeAndLiteralButForItsStars() {
    Allowance allowance = Allowance.of(Set.of(), "a.b*(c)*", "known");

    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "a.b-1-(c)\n2"))).isTrue();
    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, "axb-1-(c)"))).isFalse();
    assertThat(allowance.matches(finding(LeakKind.STRAY_THREAD, " a.b(c)"))).isFalse();
  }

  @Test
  void textTellsKindsThreadAndReason() {
    assertThat(
            Allowance.of(
                Set.of(LeakKind.STRAY_THREAD, LeakKind.LEFTOVER_QUEUE), "a\n*", "old\nbug"))
        .hasToString("leftover-queue stray-thread thread \"a\\n*\" (old\\nbug)");
  }
}
