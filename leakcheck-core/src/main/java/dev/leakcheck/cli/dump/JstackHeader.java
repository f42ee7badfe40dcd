package dev.leakcheck.cli.dump;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a thread begins with in a dump: its name, in quotes, and words behind it. Not thread-safe.
 *
 * <p>A name stands there as it is, quotes and line breaks and all. A header ends with words in
 * which there is no quote, so that its last quote is the one that ends the name.
 */
final class JstackHeader {

  private static final int LONGEST = 100_000;

  /** What follows the name: of a Java thread its number; all of a thread of the JVM's own. */
  private static final Pattern AFTER_NAME =
      Pattern.compile(
          "(?: #(?<id>\\d{1,18}))?(?: \\[-?\\d+\\])?(?<daemon> daemon)?(?: prio=-?\\d+)?"
              + "(?: os_prio=-?\\d+)?(?: [a-z_]+=\\S+)*? tid=0x[0-9a-fA-F]+.*");

  private static final Pattern AGE = Pattern.compile(" elapsed=(\\d{1,10})\\.(\\d{2})s ");

  /**
   * What a whole header tells. One of a thread of the JVM's own has no number, and gets one.
   *
   * @param age how long the thread has lived, in milliseconds, or null before JDK 11
   */
  record Words(String name, long id, boolean daemon, @Nullable Long age) {}

  private @Nullable StringBuilder begun;
  private long unnumbered;

  /** Whether a header ends with this line, if one begins with it. */
  static boolean isWhole(String line) {
    return after(line, 1) != null;
  }

  /** Whether lines are still missing. */
  boolean isBegun() {
    return begun != null;
  }

  /** It was none after all. */
  void drop() {
    begun = null;
  }

  /** The line that a header begins with; null if it goes on. */
  @Nullable Words begin(String line) {
    begun = new StringBuilder(line);
    return end(begun, line, 1);
  }

  /** A line more, which drops the header if that gets too long; null if it goes on. */
  @Nullable Words add(String line) {
    if (begun == null || begun.length() + line.length() >= LONGEST) {
      begun = null;
      return null;
    }
    return end(begun.append('\n').append(line), line, 0);
  }

  private @Nullable Words end(StringBuilder text, String line, int from) {
    Matcher after = after(line, from);
    if (after == null) {
      return null;
    }
    begun = null;
    String number = after.group("id");
    Matcher age = AGE.matcher(after.group());
    return new Words(
        text.substring(1, text.length() - (line.length() - line.lastIndexOf('"'))),
        number == null ? --unnumbered : Long.parseLong(number),
        after.group("daemon") != null,
        age.find() ? 10 * Long.parseLong(age.group(1) + age.group(2)) : null);
  }

  /** What stands behind the name, if a header ends here. */
  private static @Nullable Matcher after(String line, int from) {
    int quote = line.lastIndexOf('"');
    if (quote < from || line.length() - quote > 1000) {
      return null;
    }
    Matcher matcher = AFTER_NAME.matcher(line).region(quote + 1, line.length());
    return matcher.matches() ? matcher : null;
  }
}
