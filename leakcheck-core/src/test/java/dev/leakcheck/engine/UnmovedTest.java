package dev.leakcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose processor is wanted by others waits as long as those it looks at. */
class UnmovedTest {

  private static final Stillness.Look LOOK =
      new Stillness.Look(new Reading(1, 1, 1), Map.of(), Set.of(), null);

  private final Unmoved unmoved = new Unmoved(look -> null);

  @Test
  void pausesOfAFreeProcessorCountInFull() {
    unmoved.takes(LOOK);
    pause(Duration.ofNanos(560_000), 300);

    assertThat(unmoved.takes(LOOK)).isTrue();
  }

  @Test
  void aPauseThatOthersMadeLongIsOneTurn() {
    unmoved.takes(LOOK);
    pause(Duration.ofSeconds(1), 10);

    assertThat(unmoved.takes(LOOK)).isFalse();
    pause(Duration.ofSeconds(1), 150);
    assertThat(unmoved.takes(LOOK)).isTrue();
  }

  @Test
  void turnsBeforeItStoodStillDoNotCount() {
    pause(Duration.ofSeconds(1), 1000);
    unmoved.takes(LOOK);

    assertThat(unmoved.takes(LOOK)).isFalse();
  }

  private void pause(Duration each, int times) {
    for (int i = 0; i < times; i++) {
      unmoved.paused(each.toNanos());
    }
  }
}
