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

  /** Damerau's and Levenshtein's: two neighbours that changed places are one mistake. */
  static int distance(String one, String other) {
    int[][] rows = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        int replaced = rows[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        rows[i][j] = Math.min(replaced, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
        if (areSwapped(one, i, other, j)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[one.length()][other.length()];
  }

  private static boolean areSwapped(String one, int i, String other, int j) {
    return i > 1
        && j > 1
        && one.charAt(i - 1) == other.charAt(j - 2)
        && one.charAt(i - 2) == other.charAt(j - 1);
  }
}
