package dev.leakcheck.model;

import java.util.regex.Pattern;

/**
 * Classes that were made at run time, such as proxies and mocks: no line of their code is anybody's
 * to read, and their names differ from run to run. Thread-safe.
 */
public final class GeneratedCode {

  /**
   * What libraries that make classes at run time add to a name: a word between dollar signs, and
   * after it what differs from run to run.
   */
  private static final Pattern MARK =
      Pattern.compile(
          "(\\$\\$?(?:\\w*By\\w*CGLIB|SpringCGLIB|ByteBuddy|MockitoMock|HibernateProxy"
              + "|HibernateBasicProxy|auxiliary|Proxy|_Weld\\w*|_javassist)\\$*_?)[0-9A-Za-z_]*");

  private static final Pattern JAVASSIST = Pattern.compile("(_\\$\\$_)\\w+");

  /** The names that the JDK keeps for its proxies. */
  private static final Pattern PROXY = Pattern.compile("(?:^|\\.)\\$Proxy\\d+$");

  private GeneratedCode() {}

  /**
   * Whether a frame is of a class that was made at run time: it has no line, and its name or what
   * it gives for its file tells.
   *
   * @param frame the frame
   * @return false of code that was merely compiled without lines
   */
  public static boolean is(StackTraceElement frame) {
    String file = frame.getFileName();
    if (file != null || frame.getLineNumber() >= 0 || frame.isNativeMethod()) {
      return file != null && file.startsWith("<"); // such as <generated>
    }
    String type = frame.getClassName();
    return type.indexOf('$') >= 0
        && (MARK.matcher(type).find() || JAVASSIST.matcher(type).find() || isProxy(frame));
  }

  private static boolean isProxy(StackTraceElement frame) {
    return PROXY.matcher(frame.getClassName()).find();
  }

  /**
   * Whether a frame is of a proxy's method that stands for another one: a proxy of interfaces does
   * not say whose, other ones are named after the class that they extend.
   *
   * @param proxy a frame of a class that was made at run time
   * @param other one further in
   * @return true if a call to the proxy came to it
   */
  static boolean standsFor(StackTraceElement proxy, StackTraceElement other) {
    return proxy.getMethodName().equals(other.getMethodName())
        && (isProxy(proxy) || proxy.getClassName().startsWith(other.getClassName() + "$"));
  }

  /**
   * Whether a frame is of what a compiler added to a class to have one of its methods called: with
   * the defaults of its parameters, or from a nested class.
   *
   * @param frame any frame
   * @param called the one that it called
   * @return true if it is
   */
  static boolean passesOn(StackTraceElement frame, StackTraceElement called) {
    String method = frame.getMethodName();
    return frame.getClassName().equals(called.getClassName())
        && (method.equals(called.getMethodName() + "$default")
            || method.equals("access$" + called.getMethodName()));
  }

  /**
   * The name of a class without what differs from run to run.
   *
   * @param type the name of any class
   * @return the same if it was not made at run time
   */
  public static String stable(String type) {
    return JAVASSIST.matcher(MARK.matcher(type).replaceAll("$1#")).replaceAll("$1#");
  }
}
