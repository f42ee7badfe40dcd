package dev.leakcheck.classify;

import dev.leakcheck.model.GeneratedCode;
import dev.leakcheck.model.Printable;
import java.util.regex.Pattern;

/** What thread, class and method names have in common once their numbers are taken away. */
public final class Names {

  private static final Pattern HASH = Pattern.compile("@[0-9a-f]{1,8}\\b");
  private static final Pattern DEFAULT = Pattern.compile("pool-\\d+-thread-\\d+");

  /** Names that the JDK and test runners give to threads whose maker gave them none. */
  private static final Pattern OF_THE_JDK =
      Pattern.compile(
          "|main|Test worker|Thread-\\d+|Timer-\\d+|pool-\\d+-thread-\\d+"
              + "|ForkJoinPool(?:\\.commonPool|-\\d+)-worker-\\d+");

  /** Such as those of sessions: words in which digits and letters a to f alternate. */
  private static final Pattern ID =
      Pattern.compile(
          "\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b"
              + "|\\b(?=[0-9a-f]*[0-9][a-f])[0-9a-f]{5,}\\b"
              + "|\\b(?=[0-9A-F]*[0-9][A-F])[0-9A-F]{5,}\\b");

  private static final Pattern HIDDEN_CLASS = Pattern.compile("/(?:0x)?[0-9a-f]+$");
  private static final Pattern LAMBDA_CLASS = Pattern.compile("\\$\\$Lambda.*");

  private static final Pattern PROXY_PACKAGE = Pattern.compile("\\b(jdk\\.proxy)\\d+");

  /** An anonymous or local class, one of a Kotlin or Scala function, or a Groovy closure. */
  private static final Pattern NUMBERED_CLASS = Pattern.compile("(\\$|_closure)\\d+");

  private static final Pattern GENERATED_METHOD =
      Pattern.compile("(\\$(?:original|accessor|auxiliary)\\$)\\w+");

  /** A lambda of javac, ecj, Kotlin or Scala, an accessor, or what a mock's maker adds. */
  private static final Pattern NUMBERED_METHOD = Pattern.compile("[$-]\\d+(?=\\$|$)");

  private Names() {}

  /** Whether it is a name that the JDK gives to the workers of a pool whose owner gave it none. */
  static boolean isDefault(String name) {
    return DEFAULT.matcher(name).matches();
  }

  /** Whether nobody chose the name, so that it tells no thread from others. */
  static boolean isOfTheJdk(String name) {
    return OF_THE_JDK.matcher(name).matches();
  }

  /** A name in which every number has become a star: a pattern for an allowance. */
  public static String pattern(String name) {
    return Printable.pattern(name);
  }

  /** A name that is the same in every run: without numbers, ids and identity hash codes. */
  static String stableName(String name) {
    String plain = HASH.matcher(Printable.withoutTokens(name)).replaceAll("@*");
    return pattern(ID.matcher(plain).replaceAll("*"));
  }

  /**
   * A class name that is the same in every run, and after another lambda or anonymous class was
   * added. Numbers that somebody chose stay: {@code Http1Client} is not {@code Http2Client}.
   */
  static String stableClass(String type) {
    String plain = HIDDEN_CLASS.matcher(type).replaceFirst("");
    plain = LAMBDA_CLASS.matcher(plain).replaceFirst("\\$\\$Lambda");
    plain = GeneratedCode.stable(plain);
    plain = PROXY_PACKAGE.matcher(plain).replaceAll("$1#");
    return NUMBERED_CLASS.matcher(plain).replaceAll("$1#");
  }

  /** A method name that is the same after an unrelated lambda was added to the class. */
  static String stableMethod(String method) {
    String plain = GENERATED_METHOD.matcher(method).replaceAll("$1#");
    return NUMBERED_METHOD.matcher(plain).replaceAll("\\$#");
  }

  /**
   * The class of a scope that is named after a test, such as {@code OrderServiceTest} of {@code
   * OrderServiceTest.placesOrder() [1]}; of others the whole name. Whether a test or its class
   * answers for a leak may depend on what ran beside it.
   */
  static String testClass(String scope) {
    int call = scope.indexOf("()");
    int method = call < 0 ? -1 : scope.lastIndexOf('.', call);
    return stableName(method < 0 ? scope : scope.substring(0, method));
  }
}
