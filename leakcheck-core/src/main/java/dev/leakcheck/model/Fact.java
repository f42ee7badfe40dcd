package dev.leakcheck.model;

import java.util.List;

/**
 * One thing that a finding states.
 *
 * @param key what it is about, a word or two
 * @param lines what there is to say, at least one line
 */
public record Fact(String key, List<String> lines) {

  /** Copies the lines. */
  public Fact {
    lines = List.copyOf(lines);
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("fact '" + key + "' says nothing");
    }
  }

  /**
   * A fact of one line.
   *
   * @param key what it is about
   * @param line what there is to say
   * @return the fact
   */
  public static Fact of(String key, String line) {
    return new Fact(key, List.of(line));
  }
}
