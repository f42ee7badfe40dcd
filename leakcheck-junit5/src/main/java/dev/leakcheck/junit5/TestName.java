package dev.leakcheck.junit5;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What messages call a test: by class and method, and of a template by which invocation it is, such
 * as {@code OrderTest.places() [1] n=3}. A template's invocations may be named after it: what that
 * says of the method is not said again.
 */
final class TestName {

  /** What stands between a template's name and what tells its invocations apart. */
  private static final Pattern BETWEEN = Pattern.compile("\\s*+(?:[-:–—,;/|>»→·]++\\s++)?");

  private TestName() {}

  static String of(ExtensionContext context) {
    List<String> invocations = new ArrayList<>();
    ExtensionContext inner = context;
    for (ExtensionContext outer = context.getParent().orElse(null);
        outer != null;
        outer = outer.getParent().orElse(null)) {
      if (isTemplate(outer, inner)) {
        String own = invocation(outer, inner.getDisplayName());
        if (!own.isEmpty()) {
          invocations.add(0, own);
        }
      }
      inner = outer;
    }
    String method = context.getRequiredTestMethod().getName();
    String name = ClassCheck.name(context.getRequiredTestClass()) + "." + method + "()";
    return invocations.isEmpty() ? name : name + " " + String.join(", ", invocations);
  }

  /** A method's or a class's invocation has the same method, or class, as the template. */
  private static boolean isTemplate(ExtensionContext outer, ExtensionContext inner) {
    return outer.getTestMethod().isPresent()
        || (inner.getTestMethod().isEmpty()
            && outer.getTestClass().isPresent()
            && outer.getTestClass().equals(inner.getTestClass()));
  }

  private static String invocation(ExtensionContext template, String shown) {
    String own = template.getDisplayName();
    String rest = shown.startsWith(own) ? shown.substring(own.length()) : "";
    if (shown.startsWith(own) && (rest.isEmpty() || !Character.isLetterOrDigit(rest.charAt(0)))) {
      return BETWEEN.matcher(rest).replaceFirst("").strip();
    }
    Optional<Method> method = template.getTestMethod();
    boolean isMethod = method.filter(of -> own.startsWith(of.getName() + "(")).isPresent();
    return isMethod ? shown.replace(own, "…") : shown;
  }
}
