package dev.leakcheck.classify;

import java.util.Arrays;

/**
 * What was measured before the first and after each repetition, and whether it grows.
 *
 * <p>It grows if it rises in each third of the repetitions, and with a quarter of them, four at
 * least. So what happens once, a cache or pool that fills up and stays, and a window that keeps the
 * last few of something are not growth. Pure functions.
 */
public final class Series {

  private static final int FEWEST_RISES = 4;
  private static final int RAREST = 4;

  private Series() {}

  /**
   * How much was there after each repetition and did not go away later: the level below which the
   * measured values never fell again.
   *
   * @param measured what was measured, in order
   * @return a new array of the same length
   */
  public static long[] kept(long[] measured) {
    long[] kept = measured.clone();
    for (int i = kept.length - 2; i >= 0; i--) {
      kept[i] = Math.min(kept[i], kept[i + 1]);
    }
    return kept;
  }

  /**
   * Turns what each repetition left into what was left after each.
   *
   * @param left what each left
   * @return a new array of the same length
   */
  public static long[] summed(long[] left) {
    long[] sums = left.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] += sums[i - 1];
    }
    return sums;
  }

  /**
   * Whether counts that never fall grow with the repetitions.
   *
   * @param counts what was counted before the first repetition, and after each
   * @return true if they grow
   */
  public static boolean grows(long[] counts) {
    int repetitions = counts.length - 1;
    int rises = 0;
    for (int i = 1; i <= repetitions; i++) {
      if (counts[i] > counts[i - 1]) {
        rises++;
      }
    }
    int third = repetitions / 3;
    int twoThirds = 2 * repetitions / 3;
    return rises >= Math.max(FEWEST_RISES, repetitions / RAREST)
        && counts[third] > counts[0]
        && counts[twoThirds] > counts[third]
        && counts[repetitions] > counts[twoThirds];
  }

  /**
   * The bytes that each repetition adds, as noisy sizes tell: the smaller of what the median rises
   * by from the first third of the repetitions to the second, and from there to the last.
   *
   * @param sizes bytes before the first repetition, and after each
   * @return bytes per repetition
   */
  public static double slope(long[] sizes) {
    int repetitions = sizes.length - 1;
    int third = repetitions / 3;
    int twoThirds = 2 * repetitions / 3;
    double first = median(sizes, 1, third);
    double second = median(sizes, third + 1, twoThirds);
    double last = median(sizes, twoThirds + 1, repetitions);
    double toSecond = (third + 1 + twoThirds) / 2.0 - (1 + third) / 2.0;
    double toLast = (twoThirds + 1 + repetitions) / 2.0 - (third + 1 + twoThirds) / 2.0;
    return Math.min((second - first) / toSecond, (last - second) / toLast);
  }

  private static double median(long[] values, int from, int to) {
    long[] sorted = Arrays.copyOfRange(values, from, to + 1);
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
  }
}
