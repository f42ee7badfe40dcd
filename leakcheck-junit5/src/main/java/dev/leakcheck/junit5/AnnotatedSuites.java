package dev.leakcheck.junit5;

import dev.leakcheck.integration.RunReport;
import java.lang.annotation.Annotation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Suites ({@code @Suite}) that have {@link NoLeaks}. A suite runs no extensions; the Jupiter that
 * it runs has them if it detects them by itself, and asks for that when it starts. So the parameter
 * that says it is a system property from the start of such a suite to the start of its Jupiter.
 *
 * <p>Thread-safe.
 */
final class AnnotatedSuites {

  static final String DETECTION = "junit.jupiter.extensions.autodetection.enabled";

  /** Known from JUnit 5.12 on; an older one detects whatever there is. */
  private static final String DETECTED = "junit.jupiter.extensions.autodetection.include";

  private record Begun(
      String id, Class<?> suite, long runs, Map<String, @Nullable String> before) {}

  private final Deque<Begun> begun = new ArrayDeque<>(); // guarded by this, inmost first

  /** Something of a run begins: a suite, the Jupiter in it, or anything else. */
  synchronized void begin(TestIdentifier started, boolean detects) {
    Class<?> suite = annotated(started);
    if (suite != null) {
      boolean switches = !detects && !saysItself(suite);
      begun.push(
          new Begun(
              started.getUniqueId(),
              suite,
              RunReport.begun(),
              switches ? switchOn() : new HashMap<>()));
    } else if (!begun.isEmpty() && isJupiter(started)) {
      restore(begun.element());
    }
  }

  /** It ends. */
  synchronized void end(TestIdentifier finished) {
    if (begun.isEmpty() || !begun.element().id().equals(finished.getUniqueId())) {
      return;
    }
    Begun ended = begun.remove();
    restore(ended);
    if (ended.runs() == RunReport.begun()) {
      RunReport.complain(
          "@NoLeaks on the suite "
              + ended.suite().getName()
              + " checked nothing: none of what it ran was of JUnit Jupiter, or "
              + DETECTION
              + " is false for it.");
    }
  }

  private static @Nullable Class<?> annotated(TestIdentifier started) {
    return started.isContainer()
            && started.getUniqueId().contains("[suite:")
            && started.getSource().orElse(null) instanceof ClassSource source
            && isA("suite", started)
            && AnnotationSupport.isAnnotated(source.getJavaClass(), NoLeaks.class)
        ? source.getJavaClass()
        : null;
  }

  /** Whether that is what JUnit's unique id says something is. */
  static boolean isA(String type, TestIdentifier started) {
    return UniqueId.parse(started.getUniqueId()).getLastSegment().getType().equals(type);
  }

  private static boolean isJupiter(TestIdentifier started) {
    return started.getUniqueId().endsWith("[engine:junit-jupiter]");
  }

  /** A suite's own {@code @ConfigurationParameter} goes before a system property. */
  private static boolean saysItself(Class<?> suite) {
    for (Annotation annotation : suite.getAnnotations()) {
      if (annotation.toString().contains(DETECTION)) {
        return true;
      }
    }
    return false;
  }

  private static Map<String, @Nullable String> switchOn() {
    Map<String, @Nullable String> before = new HashMap<>();
    before.put(DETECTION, System.setProperty(DETECTION, "true"));
    before.put(DETECTED, System.setProperty(DETECTED, LeakCheckExtension.class.getName()));
    return before;
  }

  private static void restore(Begun suite) {
    suite
        .before()
        .forEach(
            (key, value) -> {
              if (value == null) {
                System.clearProperty(key);
              } else {
                System.setProperty(key, value);
              }
            });
    suite.before().clear();
  }
}
