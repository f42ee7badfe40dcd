package dev.leakcheck.filter;

import dev.leakcheck.model.TestCode;
import java.util.List;

/**
 * Names of classes: one class, or with a {@code *} at its end all that begin so, with one at its
 * beginning all that end so, as a library does that was copied into another's packages.
 *
 * @param text such as {@code com.acme.Pool$Worker}, {@code com.acme.*} or {@code *.Pool$Worker}
 */
record ClassPattern(String text) {

  boolean matches(String type) {
    if (text.endsWith("*")) {
      return type.regionMatches(0, text, 0, text.length() - 1);
    }
    return text.startsWith("*") ? type.endsWith(text.substring(1)) : type.equals(text);
  }

  /** Whether one matches a class that is no test. */
  static boolean any(List<ClassPattern> patterns, String type) {
    for (ClassPattern pattern : patterns) {
      if (pattern.matches(type)) {
        return !TestCode.has(type);
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return text;
  }
}
