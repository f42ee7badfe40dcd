package dev.leakcheck.classify;

import dev.leakcheck.model.Printable;
import java.util.regex.Pattern;

/** What thread and class names have in common once their numbers are taken away. */
final class Names {

  private static final Pattern HASH = Pattern.compile("@[0-9a-f]{1,8}\\b");
  private static final Pattern NUMBERS = Pattern.compile("\\d+");
  private static final Pattern DEFAULT = Pattern.compile("pool-\\d+-thread-\\d+");
  private static final Pattern LAMBDA_CLASS = Pattern.compile("\\$\\$Lambda.*");
  private static final Pattern HIDDEN_CLASS = Pattern.compile("/(?:0x)?[0-9a-f]+$");

  private Names() {}

  /** Whether it is a name that the JDK gives to the workers of a pool whose owner gave it none. */
  static boolean isDefault(String name) {
    return DEFAULT.matcher(name).matches();
  }

  /** A name in which every number has become a star: a pattern for an allowance. */
  static String pattern(String name) {
    return Printable.pattern(name);
  }

  /** A name without identity hash codes, as an object that was tracked is named by. */
  static String withoutHash(String name) {
    return HASH.matcher(name).replaceAll("@*");
  }

  /** A class name that is the same in every run: without the numbers of lambdas and proxies. */
  static String stableClass(String type) {
    String plain = HIDDEN_CLASS.matcher(type).replaceFirst("");
    plain = LAMBDA_CLASS.matcher(plain).replaceFirst("\\$\\$Lambda");
    return NUMBERS.matcher(plain).replaceAll("#");
  }

  /** A method name that is the same after an unrelated lambda was added to the class. */
  static String stableMethod(String method) {
    return method.startsWith("lambda$") ? NUMBERS.matcher(method).replaceAll("#") : method;
  }
}
