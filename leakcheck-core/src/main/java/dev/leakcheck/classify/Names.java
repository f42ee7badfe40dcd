package dev.leakcheck.classify;

import dev.leakcheck.model.Printable;
import java.util.regex.Pattern;

/** What thread and class names have in common once their numbers are taken away. */
final class Names {

  private static final Pattern NUMBERS = Pattern.compile("\\d+");
  private static final Pattern TRAILING_NUMBER = Pattern.compile("\\d+$");
  private static final Pattern LAMBDA_CLASS = Pattern.compile("\\$\\$Lambda.*");
  private static final Pattern HIDDEN_CLASS = Pattern.compile("/(?:0x)?[0-9a-f]+$");

  private Names() {}

  /** A name without the number that it ends with: what the threads of one pool share. */
  static String stem(String name) {
    return TRAILING_NUMBER.matcher(name).replaceFirst("");
  }

  /** A name in which every number has become a star: a pattern for an allowance. */
  static String pattern(String name) {
    String cut = name.length() > Printable.MAX_NAME ? name.substring(0, Printable.MAX_NAME) : name;
    String stars = NUMBERS.matcher(cut).replaceAll("*");
    return cut.length() < name.length() && !stars.endsWith("*") ? stars + "*" : stars;
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
