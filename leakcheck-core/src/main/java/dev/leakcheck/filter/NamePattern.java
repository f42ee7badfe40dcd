package dev.leakcheck.filter;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that a thread's whole name matches. What it begins with is compared first,
 * so that of thousands of names hardly any is tried.
 */
final class NamePattern {

  private static final int LONGEST = 200;
  private static final String SPECIAL = "\\[](){}.*+?^$|";

  private final String regex;
  private final String prefix;

  /** Compiled when the first name has the prefix: most never do. */
  private volatile @Nullable Pattern pattern;

  NamePattern(String regex) {
    this.regex = regex;
    this.prefix = prefix(regex);
  }

  boolean matches(String name) {
    return name.startsWith(prefix) && name.length() < LONGEST && compile().matcher(name).matches();
  }

  /**
   * Compiles it, if that was not done yet.
   *
   * @throws java.util.regex.PatternSyntaxException if it is no regular expression
   */
  Pattern compile() {
    Pattern known = pattern;
    if (known == null) {
      known = Pattern.compile(regex, Pattern.DOTALL);
      pattern = known;
    }
    return known;
  }

  private static String prefix(String regex) {
    if (hasAlternatives(regex)) {
      return "";
    }
    int end = 0;
    while (end < regex.length() && SPECIAL.indexOf(regex.charAt(end)) < 0) {
      end++;
    }
    // What may be left out or repeated is not sure to be there.
    boolean counted = end < regex.length() && "*+?{".indexOf(regex.charAt(end)) >= 0;
    return regex.substring(0, counted && end > 0 ? end - 1 : end);
  }

  /** Whether there are any outside of all groups; one in a class of characters counts as well. */
  private static boolean hasAlternatives(String regex) {
    int depth = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '(' || c == ')') {
        depth += c == '(' ? 1 : -1;
      } else if (c == '|' && depth == 0) {
        return true;
      }
    }
    return false;
  }

  static boolean any(List<NamePattern> patterns, String name) {
    for (NamePattern pattern : patterns) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return regex;
  }
}
