package dev.leakcheck.cli;

import java.util.Arrays;
import java.util.List;

/** Which known names somebody may have meant by one that nobody knows. */
final class Similarity {

  private static final int SHORTEST_WORD = 4;

  private Similarity() {}

  /**
   * Those in which one in four characters at the most is mistaken; or else those with a word in
   * common.
   */
  static List<String> near(String given, List<String> known) {
    List<String> mistaken =
        known.stream().filter(name -> distance(given, name) <= name.length() / 4).toList();
    return mistaken.isEmpty()
        ? known.stream().filter(name -> shareWord(given, name)).toList()
        : mistaken;
  }

  private static boolean shareWord(String one, String other) {
    return Arrays.stream(one.split("-"))
        .filter(word -> word.length() >= SHORTEST_WORD)
        .anyMatch(Arrays.asList(other.split("-"))::contains);
  }

  /** Levenshtein's, by rows. */
  static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    Arrays.setAll(above, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[other.length()];
  }
}
