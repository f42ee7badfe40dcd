package dev.leakcheck.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.objects.TaskProbe.Schedule;
import dev.leakcheck.inspect.LeftoverTaskInspector.Opened;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a chain of tasks schedules while a check looks is due as soon as the link before it was. */
class NextLinkTest {

  private static final Duration SETTLE = Duration.ofSeconds(3);
  private static final long NOW = 1_000_000_000_000L;

  private static boolean isNextLink(long number, long since, long period, Duration due) {
    Schedule schedule = new Schedule(number, period, NOW + due.toNanos());
    return Opened.isNextLink(schedule, since, SETTLE, NOW);
  }

  @Test
  void whatTheCheckSawComeAndIsDueSoonIsTheNextLink() {
    assertThat(isNextLink(7, 7, 0, Duration.ofMillis(5))).isTrue();
    assertThat(isNextLink(8, 7, 0, SETTLE)).isTrue();
  }

  @Test
  void whatWasThereBeforeIsNot() {
    assertThat(isNextLink(6, 7, 0, Duration.ofMillis(5))).isFalse();
    assertThat(isNextLink(6, -1, 0, Duration.ofMillis(5))).isFalse();
  }

  @Test
  void whatIsDueLaterOrRunsAgainByItselfIsNot() {
    assertThat(isNextLink(7, 7, 0, SETTLE.plusNanos(1))).isFalse();
    assertThat(isNextLink(7, 7, 1, Duration.ofMillis(5))).isFalse();
  }
}
