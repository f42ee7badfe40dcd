package dev.leakcheck.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leakcheck.model.LeakKind;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One baseline serves runs with and without the agent. */
class KnownLeaksTest {

  private static final LeakKind KIND = LeakKind.UNCLOSED_EXECUTOR;

  private static KnownLeak leak(String exact, String plain, @Nullable LocalDate expires) {
    return new KnownLeak(KIND, "somewhere", exact, List.of(plain), "because", null, expires);
  }

  private static KnownLeaks known(KnownLeak... leaks) {
    return new KnownLeaks(List.of(leaks));
  }

  @Test
  void knowsNothingIfEmpty() {
    assertThat(KnownLeaks.NONE.find(KIND, "a", "a")).isEmpty();
  }

  @Test
  void findsByFingerprint() {
    assertThat(known(leak("a", "a", null)).find(KIND, "a", "a")).isPresent();
    assertThat(known(leak("a", "a", null)).find(KIND, "b", "b")).isEmpty();
  }

  @Test
  void otherKindIsAnotherLeak() {
    assertThat(known(leak("a", "p", null)).find(LeakKind.STRAY_THREAD, "a", "p")).isEmpty();
  }

  @Test
  void whatWasWrittenWithoutTheAgentIsFoundWithIt() {
    assertThat(known(leak("p", "p", null)).find(KIND, "a", "p")).isPresent();
  }

  @Test
  void whatWasWrittenWithTheAgentIsFoundWithoutIt() {
    assertThat(known(leak("a", "p", null)).find(KIND, "p", "p")).isPresent();
  }

  @Test
  void anotherCreatorIsAnotherLeakWhereBothAreKnown() {
    assertThat(known(leak("a", "p", null)).find(KIND, "b", "p")).isEmpty();
  }

  @Test
  void leakOfItsOwnNameGoesFirst() {
    KnownLeaks known = known(leak("p", "p", null), leak("a", "p", LocalDate.of(2026, 1, 1)));

    assertThat(known.find(KIND, "a", "p").orElseThrow().fingerprint()).isEqualTo("a");
    assertThat(known.find(KIND, "p", "p").orElseThrow().fingerprint()).isEqualTo("p");
  }

  @Test
  void ofTwoThatLookTheSameWithoutTheAgentTheLongerOneCounts() {
    KnownLeak shorter = leak("a", "p", LocalDate.of(2026, 1, 1));
    KnownLeak longer = leak("b", "p", LocalDate.of(2026, 2, 1));
    KnownLeak unlimited = leak("c", "p", null);

    assertThat(known(shorter, longer).find(KIND, "p", "p")).contains(longer);
    assertThat(known(longer, shorter).find(KIND, "p", "p")).contains(longer);
    assertThat(known(longer, unlimited).find(KIND, "p", "p")).contains(unlimited);
  }

  @Test
  void isAcceptedThroughItsLastDay() {
    KnownLeak leak = leak("a", "a", LocalDate.of(2026, 10, 31));

    assertThat(leak.isExpired(LocalDate.of(2026, 10, 31).toEpochDay())).isFalse();
    assertThat(leak.isExpired(LocalDate.of(2026, 11, 1).toEpochDay())).isTrue();
    assertThat(leak("a", "a", null).isExpired(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void needsAReason() {
    assertThatThrownBy(() -> new KnownLeak(KIND, "somewhere", "a", List.of("a"), " ", null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
