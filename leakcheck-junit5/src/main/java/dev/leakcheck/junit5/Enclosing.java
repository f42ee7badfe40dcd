package dev.leakcheck.junit5;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.ReflectionSupport;

/** What is around a test class: the class that it is declared in, and the suites that run it. */
final class Enclosing {

  private static final Pattern SUITE = Pattern.compile("\\[suite:([^\\]]+)]");

  private Enclosing() {}

  /**
   * The class that another is declared in.
   *
   * @return null if there is none, or if the JVM cannot tell: compilers of other languages write
   *     class files that contradict each other, and JUnit runs their tests all the same
   */
  static @Nullable Class<?> of(Class<?> type) {
    try {
      return type.getEnclosingClass();
    } catch (LinkageError e) {
      return null;
    }
  }

  /**
   * The classes with {@code @Suite} that a run of Jupiter is part of.
   *
   * @param idOfRun JUnit's unique id of the run
   * @return inmost first
   */
  static List<Class<?>> suites(String idOfRun) {
    List<Class<?>> suites = new ArrayList<>();
    Matcher suite = SUITE.matcher(idOfRun);
    while (suite.find()) {
      ReflectionSupport.tryToLoadClass(suite.group(1)).ifSuccess(type -> suites.add(0, type));
    }
    return suites;
  }
}
