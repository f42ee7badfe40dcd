package dev.leakcheck.model;

import java.util.regex.Pattern;

/**
 * Makes text that somebody else chose (thread names, class names) safe to print: control characters
 * are escaped and what is too long is cut. Thread-safe.
 */
public final class Printable {
  /** The longest thread name that is printed whole, in characters. */
  public static final int MAX_NAME = 80;

  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b"
              + "|\\b(?=(?:[a-f]*[0-9]){2})[0-9a-f]{7,}\\b|\\d+|\\p{Cntrl}+");

  /** Such as those of c3p0: what tells this run from others, and an identity hash code. */
  private static final Pattern TOKEN =
      Pattern.compile("\\b(?=(?:[a-z]*+[0-9]++[a-z]++){2})[0-9a-z]{14,}+\\|[0-9a-f]{5,8}\\b");

  private static final Pattern STARS = Pattern.compile("\\*+");

  private Printable() {}

  /**
   * A thread's name as it is shown to a person.
   *
   * @param name any text
   * @return the name without control characters, at most {@link #MAX_NAME} characters and a note of
   *     how many were cut; {@code (unnamed)} for an empty name
   */
  public static String name(String name) {
    if (name.isEmpty()) {
      return "(unnamed)";
    }
    if (name.length() <= MAX_NAME) {
      return escape(name);
    }
    int end = Character.isHighSurrogate(name.charAt(MAX_NAME - 1)) ? MAX_NAME - 1 : MAX_NAME;
    return escape(name.substring(0, end)) + "… (" + (name.length() - end) + " more characters)";
  }

  /**
   * Escapes what a terminal or a log could mistake for its own: control and format characters, line
   * and paragraph separators and lone surrogates.
   *
   * @param text any text
   * @return the text on one line
   */
  public static String escape(String text) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      int width = Character.charCount(codePoint);
      if (isUnsafe(codePoint)) {
        if (escaped == null) {
          escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        appendEscape(escaped, codePoint);
      } else if (escaped != null) {
        escaped.appendCodePoint(codePoint);
      }
      i += width;
    }
    return escaped == null ? text : escaped.toString();
  }

  /**
   * A pattern for a name, in which {@code *} stands for what differs from run to run: numbers,
   * identities in hexadecimal and control characters.
   *
   * @param name such as {@code pool-3-thread-1}
   * @return such as {@code pool-*-thread-*}
   */
  public static String pattern(String name) {
    String stable = withoutTokens(name);
    String cut = stable.length() > MAX_NAME ? stable.substring(0, MAX_NAME) + "*" : stable;
    return STARS.matcher(VARIABLE.matcher(cut).replaceAll("*")).replaceAll("*");
  }

  /**
   * A name with a star for each identity of letters and digits that a library makes up.
   *
   * @param name such as {@code pool[z8kfltbmcg1owp2oiw3|27e0f2f5]}
   * @return such as {@code pool[*]}
   */
  public static String withoutTokens(String name) {
    return name.indexOf('|') < 0 ? name : TOKEN.matcher(name).replaceAll("*");
  }

  private static boolean isUnsafe(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private static void appendEscape(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append(String.format("\\u%04x", codePoint));
    }
  }
}
