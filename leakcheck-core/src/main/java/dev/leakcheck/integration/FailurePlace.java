package dev.leakcheck.integration;

import dev.leakcheck.capture.base.SourceLines;
import dev.leakcheck.model.Finding;
import dev.leakcheck.model.Findings;
import dev.leakcheck.model.Origin;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a test failed that is checked after it has run, when no frame of it is on the stack any
 * more. Build tools and IDEs take the line that they show from a stack trace: from its frames of
 * the test's class.
 */
public final class FailurePlace {

  private FailurePlace() {}

  /**
   * The place as a stack trace. With an agent these are the lines of the test's class, and of those
   * that it extends, which created what was left: of the first finding that they created. Else it
   * is the test's first line.
   *
   * @param findings what was found
   * @param type the test's class
   * @param method the test's method, or null if the class as a whole was checked
   * @return empty if no line is known
   */
  public static StackTraceElement[] of(Findings findings, Class<?> type, @Nullable Method method) {
    return findings.list().stream()
        .map(finding -> created(finding, type))
        .filter(lines -> !lines.isEmpty())
        .findFirst()
        .orElseGet(() -> declared(type, method))
        .toArray(StackTraceElement[]::new);
  }

  private static List<StackTraceElement> created(Finding finding, Class<?> type) {
    return finding.origin() instanceof Origin.Known known
        ? known.stack().stream()
            .filter(frame -> frame.getLineNumber() > 0 && isOf(type, frame.getClassName()))
            .toList()
        : List.of();
  }

  private static boolean isOf(Class<?> type, String name) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      if (each.getName().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static List<StackTraceElement> declared(Class<?> type, @Nullable Method method) {
    Class<?> declaring = method == null ? type : method.getDeclaringClass();
    SourceLines lines = SourceLines.of(declaring);
    int line = method == null ? lines.first() : lines.first(method);
    return line < 0
        ? List.of()
        : List.of(
            new StackTraceElement(
                declaring.getName(),
                method == null ? "<class>" : method.getName(),
                lines.file(),
                line));
  }
}
