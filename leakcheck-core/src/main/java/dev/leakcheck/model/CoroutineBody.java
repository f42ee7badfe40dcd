package dev.leakcheck.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the bodies of Kotlin's coroutines as their source does: the compiler makes a class of each,
 * of which nobody knows but that it is numbered, and after which function. Thread-safe.
 */
final class CoroutineBody {

  /** The method of such a class, and of no other, that has the code; a lambda of it is named so. */
  private static final String CODE = "invokeSuspend";

  /** The class, the function, and which body in it. */
  private static final Pattern NAME = Pattern.compile("(.*)\\$([^$\\d][^$]*)(?:\\$\\d+)+");

  private CoroutineBody() {}

  /** The frame of the function in which a body stands; the same of any other frame. */
  static StackTraceElement asWritten(StackTraceElement frame) {
    if (!is(frame)) {
      return frame;
    }
    Matcher name = NAME.matcher(frame.getClassName());
    return name.matches() && !frame.getClassName().contains("$$")
        ? new StackTraceElement(
            frame.getClassLoaderName(),
            frame.getModuleName(),
            frame.getModuleVersion(),
            name.group(1),
            name.group(2),
            frame.getFileName(),
            frame.getLineNumber())
        : frame;
  }

  private static boolean is(StackTraceElement frame) {
    String method = frame.getMethodName();
    return method.startsWith(CODE)
        && (method.length() == CODE.length() || method.startsWith("$lambda$", CODE.length()));
  }

  /**
   * Whether a frame is of what has a function that was suspended go on: it calls that once more,
   * and has no line.
   *
   * @param called the frame that it called
   */
  static boolean goesOn(StackTraceElement frame, StackTraceElement called) {
    StackTraceElement function = frame.getLineNumber() < 0 ? asWritten(frame) : frame;
    return function != frame
        && function.getClassName().equals(called.getClassName())
        && function.getMethodName().equals(called.getMethodName());
  }
}
