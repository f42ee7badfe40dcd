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

  /** What begins the part of a hidden class's name that tells it from others: here, in a dump. */
  private static final Pattern HIDDEN = Pattern.compile("[/+]0x");

  /** What in a name is written in one way here and in another there. */
  private static final Pattern ODD =
      Pattern.compile("[\\x{d800}-\\x{dfff}\\x{fffd}\\x{10000}-\\x{10ffff}]");

  private final Set<String> compiled;
  private final Set<String> optimised;

  private Compiled(Set<String> compiled, Set<String> optimised) {
    this.compiled = compiled;
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
    Set<String> compiled = new HashSet<>();
    Set<String> optimised = new HashSet<>();
    Set<String> lines = new HashSet<>(); // most are in both
    for (String list : lists) {
      list.lines().forEach(lines::add);
    }
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String method = name(matcher.group(2));
        compiled.add(method);
        if (Integer.parseInt(matcher.group(1)) >= OPTIMISED) {
          optimised.add(method);
        }
      } else if (!line.isBlank()) {
        return null;
      }
    }
    return new Compiled(compiled, optimised);
  }

  /** Hidden classes are called otherwise in a dump, so all of one kind count as one. */
  private static String name(String method) {
    Matcher hidden = HIDDEN.matcher(method);
    return hidden.find()
        ? method.substring(0, hidden.start())
            + method.substring(method.indexOf('.', hidden.start()))
        : method;
  }

  /** Whether the optimising compiler compiled a method, or one of that name in its class. */
  boolean isOptimised(String type, String method) {
    return isIn(optimised, type, method);
  }

  /** Whether any compiler did. */
  boolean isCompiled(String type, String method) {
    return isIn(compiled, type, method);
  }

  /** What may be written otherwise in the list is taken to be in it. */
  private static boolean isIn(Set<String> methods, String type, String method) {
    return methods.contains(type + "." + method)
        || ODD.matcher(type).find()
        || ODD.matcher(method).find();
  }
}
