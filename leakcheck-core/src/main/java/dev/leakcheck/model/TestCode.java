package dev.leakcheck.model;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The classes of tests. What lies in a package of a library's or a test runner's is told from that
 * by its name only, and a test may lie there as well: it is a test all the same. Thread-safe.
 */
public final class TestCode {

  /** As many as there are test classes. */
  private static final Set<String> OUTERMOST = ConcurrentHashMap.newKeySet();

  private TestCode() {}

  /**
   * Notes a class.
   *
   * @param type a class of tests, or one nested in such a class
   */
  public static void add(Class<?> type) {
    OUTERMOST.add(outermost(type.getName()));
  }

  /**
   * Whether a class was noted, or is nested in one that was, or was made by the JVM for such a one.
   *
   * @param type the class's name
   * @return true if it is a test's
   */
  public static boolean has(String type) {
    return OUTERMOST.contains(outermost(type));
  }

  private static String outermost(String type) {
    int nested = type.indexOf('$', type.lastIndexOf('.') + 1);
    return nested <= 0 ? type : type.substring(0, nested);
  }
}
