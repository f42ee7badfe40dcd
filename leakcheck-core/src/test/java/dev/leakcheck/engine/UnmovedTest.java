package dev.leakcheck.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.capture.threads.ThreadCounter.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose processor is wanted by others waits as long as those it looks at. */
class UnmovedTest {

  private static final Stillness.Look LOOK =
      new Stillness.Look(new Reading(1, 1, 1), Map.of(), Set.of(), false, null);

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

  /** Else the rest would be over before a pause begins, and nothing would ever be counted again. */
  @Test
  void howeverLittleIsMissingThereIsAWholeTurn() {
    unmoved.takes(LOOK);
    pause(Unmoved.LONGEST_TURN, 149);
    pause(Unmoved.LONGEST_TURN.minusNanos(100), 1);
    assertThat(unmoved.takes(LOOK)).isFalse();

    long now = System.nanoTime();
    assertThat(unmoved.end() - now).isGreaterThanOrEqualTo(Unmoved.SHORTEST_TURN.toNanos());
  }

  /** The other may have been about to do something for a moment only. */
  @Test
  void whatTickedBesideTheSameBeforeIsHarmlessThoughAnotherTickedAtFirst() {
    Unmoved again = new Unmoved(look -> Set.of(7L));

    assertThat(again.takes(ticking(7L, 8L))).isFalse();
    assertThat(again.first()).isNull();
    assertThat(again.takes(ticking(7L))).isFalse();
    assertThat(again.first()).isNotNull();
  }

  @Test
  void whatTickedInVainIsNotAskedForAgainThoughMoreTicks() {
    List<Stillness.Look> asked = new ArrayList<>();
    Unmoved never =
        new Unmoved(
            look -> {
              asked.add(look);
              return null;
            });

    never.takes(ticking(7L));
    never.takes(ticking(7L));
    never.takes(ticking(7L, 8L));

    assertThat(asked).hasSize(1);
  }

  @Test
  void idleWorkersAreWaitedForUnlessTheLikeWasTold() {
    Stillness.Look idle = new Stillness.Look(new Reading(1, 1, 1), Map.of(), Set.of(), true, null);
    Unmoved told = new Unmoved(look -> Set.of());

    assertThat(told.takes(idle)).isFalse();
    assertThat(told.isAgain()).isTrue();
    assertThat(unmoved.takes(idle)).isFalse();
    assertThat(unmoved.first()).isNull();
  }

  private static Stillness.Look ticking(Long... threads) {
    return new Stillness.Look(new Reading(1, 1, 1), Map.of(), Set.of(threads), false, null);
  }

  private void pause(Duration each, int times) {
    for (int i = 0; i < times; i++) {
      unmoved.paused(each.toNanos());
    }
  }
}
