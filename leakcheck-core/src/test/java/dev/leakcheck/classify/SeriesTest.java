package dev.leakcheck.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTest {

  /** Whether things that were left so, in this order, grow; the first repetition comes first. */
  private static boolean grows(int... left) {
    long[] series = new long[left.length + 1];
    for (int i = 0; i < left.length; i++) {
      series[i + 1] = left[i];
    }
    return Series.grows(Series.summed(series));
  }

  private static int[] every(int period, int phase, int repetitions) {
    int[] left = new int[repetitions];
    for (int i = 0; i < repetitions; i++) {
      left[i] = i % period == phase ? 1 : 0;
    }
    return left;
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 8", "3, 12", "4, 16"})
  void whatIsLeftAtAConstantRateGrowsWhereverItBegins(int period, int fewest) {
    for (int repetitions = fewest; repetitions <= fewest + 40; repetitions++) {
      for (int phase = 0; phase < period; phase++) {
        assertThat(grows(every(period, phase, repetitions)))
            .as("1 in %d from %d, %d repetitions", period, phase, repetitions)
            .isTrue();
      }
    }
  }

  @Test
  void whatHappensOnceOrTwiceDoesNot() {
    assertThat(grows(0, 0, 0, 0, 0)).isFalse();
    assertThat(grows(0, 0, 1, 0, 0)).isFalse();
    assertThat(grows(0, 0, 100, 0, 0)).isFalse();
    assertThat(grows(1, 0, 1, 0, 1)).isFalse();
    assertThat(grows(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1)).isFalse();
  }

  @Test
  void whatFillsUpAndStaysDoesNot() {
    assertThat(grows(1, 1, 1, 1, 0, 0, 0, 0, 0)).isFalse();
    assertThat(grows(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0)).isFalse();
  }

  @Test
  void theLastFewAreAWindowThatMoves() {
    assertThat(grows(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1)).isFalse();
    assertThat(grows(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)).isFalse();
  }

  @Test
  void whatIsGoneLaterWasNotKept() {
    assertThat(Series.kept(new long[] {2, 5, 9, 3, 7, 4, 6})).containsExactly(2, 3, 3, 3, 4, 4, 6);
  }

  @Test
  void slopeIsThatOfTheMedians() {
    long[] steady = new long[13];
    Arrays.setAll(steady, i -> 1_000 + 100L * i);
    assertThat(Series.slope(steady)).isEqualTo(100);

    steady[2] = 90_000; // one collection that did not collect
    steady[11] = 0;
    assertThat(Series.slope(steady)).isBetween(50.0, 150.0);
  }

  @Test
  void slopeOfWhatFillsUpOrHappensOnceIsNone() {
    long[] filling = new long[13];
    Arrays.setAll(filling, i -> 100L * Math.min(i, 5));
    assertThat(Series.slope(filling)).isZero();
    long[] once = new long[13];
    Arrays.setAll(once, i -> i < 7 ? 0 : 1_000_000);
    assertThat(Series.slope(once)).isLessThanOrEqualTo(125_000 * 2);
    long[] first = new long[13];
    Arrays.setAll(first, i -> i < 3 ? 0 : 1_000_000);
    assertThat(Series.slope(first)).isZero();
  }

  @Test
  void slopeOfNoiseIsSmall() {
    Random random = new Random(20240229);
    long[] noise = new long[61];
    Arrays.setAll(noise, i -> 10_000_000 + random.nextInt(100_000));
    assertThat(Series.slope(noise)).isLessThan(1_000);
  }
}
