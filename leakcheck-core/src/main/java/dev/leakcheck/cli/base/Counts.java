package dev.leakcheck.cli.base;

import java.util.Locale;

/** Numbers as a person reads them. */
public final class Counts {

  private Counts() {}

  /**
   * A number.
   *
   * @param number the number
   * @return such as {@code 2,000}
   */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * How many of something there are.
   *
   * @param number how many
   * @param noun what one of them is called
   * @return such as {@code 1 check} or {@code 2,000 checks}
   */
  public static String count(long number, String noun) {
    return number(number) + " " + noun + (number == 1 ? "" : "s");
  }
}
