package dev.leakcheck.capture.objects;

import dev.leakcheck.capture.ask.Answers;
import dev.leakcheck.capture.base.Fields;
import dev.leakcheck.capture.base.Jdk;
import java.lang.reflect.Method;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code java.net.http.HttpClient}, which can be closed from Java 21 on. Found by name, since a JVM
 * may lack its module. Thread-safe.
 */
public final class HttpClients {

  static final String TYPE = "java.net.http.HttpClient";

  /** The JDK's clients end their {@code toString} with the number in their threads' names. */
  private static final Pattern NUMBER = Pattern.compile("\\((\\d+)\\)$");

  private HttpClients() {}

  /**
   * Whether an object is one of the JDK's own clients, and may be asked.
   *
   * @param object any object
   * @return true if it is
   */
  public static boolean isClient(Object object) {
    Class<?> type = Fields.isJdk(object.getClass()) ? object.getClass() : null;
    while (type != null && !type.getName().equals(TYPE)) {
      type = type.getSuperclass();
    }
    return type != null && !Answers.isMock(object);
  }

  /**
   * Whether it is a client that could have been closed and was not.
   *
   * @param object any object
   * @return true on Java 21 and later for a client that has not terminated
   */
  public static boolean isOpen(Object object) {
    if (!Jdk.HAS_CONTAINERS || !isClient(object)) {
      return false;
    }
    try {
      Method isTerminated = Class.forName(TYPE).getMethod("isTerminated");
      return Boolean.FALSE.equals(isTerminated.invoke(object));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return false;
    }
  }

  /**
   * What the names of a client's threads begin with.
   *
   * @param client one of the JDK's clients
   * @return such as {@code HttpClient-3-}, or empty if it can't be told
   */
  public static String threadPrefix(Object client) {
    Matcher matcher = NUMBER.matcher(client.toString());
    return matcher.find() ? "HttpClient-" + matcher.group(1) + "-" : "";
  }
}
