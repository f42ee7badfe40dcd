package dev.leakcheck.filter;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A regular expression that a thread's whole name matches. What it begins with is compared first,
 * so that of thousands of names hardly any is tried.
 */
final class NamePattern {

  private static final int LONGEST = 200;
  private static final String SPECIAL = "\\[](){}.*+?^$|";

  private final Pattern pattern;
  private final String prefix;

  NamePattern(String regex) {
    this.pattern = Pattern.compile(regex, Pattern.DOTALL);
    this.prefix = prefix(regex);
  }

  boolean matches(String name) {
    return name.startsWith(prefix) && name.length() < LONGEST && pattern.matcher(name).matches();
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
    return pattern.pattern();
  }
}
