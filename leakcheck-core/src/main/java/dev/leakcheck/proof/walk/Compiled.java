package dev.leakcheck.proof.walk;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which methods the JVM had compiled, from what the diagnostic command {@code Compiler.codelist}
 * prints. The optimising compiler, whose level is 4, takes objects apart that do not leave a
 * method: a dump does not show what such an object leads to. Immutable.
 */
public final class Compiled {

  private static final Pattern LINE =
      Pattern.compile("\\s*\\d+ +(\\d) +-?\\d+ +(.+)\\([^()\\s]*\\)\\S+ +\\[[^\\[]*]\\s*");
  private static final int OPTIMISED = 4;

  private final Set<String> optimised;

  private Compiled(Set<String> optimised) {
    this.optimised = optimised;
  }

  /**
   * Reads lists that were printed before and after a dump.
   *
   * @param lists what was printed
   * @return what either of them lists, nothing of a JVM that interprets all; null if one of them is
   *     not understood
   */
  public static @Nullable Compiled read(String... lists) {
    Set<String> optimised = new HashSet<>();
    for (String list : lists) {
      for (String line : list.lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          if (Integer.parseInt(matcher.group(1)) >= OPTIMISED) {
            optimised.add(name(matcher.group(2)));
          }
        } else if (!line.isBlank()) {
          return null;
        }
      }
    }
    return new Compiled(optimised);
  }

  /** Hidden classes are called otherwise in a dump, so all of one kind count as one. */
  private static String name(String method) {
    int hidden = method.indexOf("/0x");
    return hidden < 0
        ? method
        : method.substring(0, hidden) + method.substring(method.indexOf('.', hidden));
  }

  /** Whether the optimising compiler compiled a method, or one of that name in its class. */
  boolean isOptimised(String type, String method) {
    return optimised.contains(type + "." + method);
  }
}
