package dev.leakcheck.capture.ask;

import dev.leakcheck.capture.ask.Answers.Cost;
import dev.leakcheck.capture.base.JdkField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks exceptions that were found. What their class overrides is read from the field below it, if
 * the JDK lets that be. Never throws. Thread-safe.
 */
public final class AskThrowable {

  private static final String THROWABLE = "java.lang.Throwable";
  private static final JdkField MESSAGE = JdkField.of(THROWABLE, "detailMessage");
  private static final JdkField CAUSE = JdkField.of(THROWABLE, "cause");

  private AskThrowable() {}

  /**
   * What an exception says.
   *
   * @param exception the exception
   * @return the message, null if there is none, or a text that it is not told
   */
  public static @Nullable String message(Throwable exception) {
    if (Answers.isFree(exception, "getMessage", "getLocalizedMessage")) {
      return exception.getLocalizedMessage();
    }
    if (!MESSAGE.isReadable()) {
      return "(its class tells its message, and was not asked)";
    }
    return MESSAGE.read(exception) instanceof String message ? message : null;
  }

  /**
   * What caused an exception.
   *
   * @param exception the exception
   * @return null if nothing did, or it is not told
   */
  public static @Nullable Throwable cause(Throwable exception) {
    if (Answers.isFree(exception, "getCause")) {
      return exception.getCause();
    }
    if (CAUSE.isReadable()) {
      Object cause = CAUSE.read(exception);
      return cause instanceof Throwable other && other != exception ? other : null;
    }
    return Ask.may(exception, "getCause", Cost.LOCK) ? Ask.quietly(exception::getCause) : null;
  }

  /**
   * Where an exception was made.
   *
   * @param exception the exception
   * @return the frames, innermost first; none if its class overrides the question
   */
  public static List<StackTraceElement> stack(Throwable exception) {
    StackTraceElement[] stack =
        Ask.may(exception, "getStackTrace", Cost.LOCK)
            ? Ask.quietly(exception::getStackTrace)
            : null;
    return stack == null ? List.of() : List.of(stack);
  }
}
