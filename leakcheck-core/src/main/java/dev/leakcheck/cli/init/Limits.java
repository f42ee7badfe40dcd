package dev.leakcheck.cli.init;

import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What any build may set that keeps its tests from being checked. */
final class Limits {

  private static final String EXTENSION = "dev.leakcheck.junit5.LeakCheckExtension";
  private static final String INCLUDE = "junit.jupiter.extensions.autodetection.include";
  private static final String EXCLUDE = "junit.jupiter.extensions.autodetection.exclude";
  private static final String MODE = "leakcheck.mode";

  /** The lowest version that is meant; up to 8 there was a 1 in front of it. */
  private static final Pattern JDK = Pattern.compile("[\\[(\\s]*(?:1\\.)?(\\d{1,4}).*");

  private static final int OLDEST_JDK = 17;

  private Limits() {}

  /** Tells which settings of JUnit or LeakCheck keep it from checking. */
  static void settings(Plan plan, String where, Properties settings) {
    String detected = settings.getProperty(TestSettings.AUTO_DETECTION);
    if (detected != null && !Boolean.parseBoolean(detected.strip())) {
      plan.leave(
          where
              + " switches auto-detection off: annotate test classes with @NoLeaks, or set "
              + TestSettings.AUTO_DETECTION
              + "=true");
    }
    String include = settings.getProperty(INCLUDE, "*");
    if (!include.isBlank() && !names(include)) {
      plan.leave(where + ": " + INCLUDE + " has to name " + EXTENSION + " as well");
    }
    if (names(settings.getProperty(EXCLUDE, ""))) {
      plan.leave(where + ": " + EXCLUDE + " must not name " + EXTENSION);
    }
    if (settings.getProperty(MODE, "").strip().equalsIgnoreCase("off")) {
      plan.leave(where + " sets " + MODE + "=off, so nothing is checked");
    }
  }

  /** By JUnit's patterns of class names. */
  private static boolean names(String patterns) {
    return Stream.of(patterns.split(","))
        .map(pattern -> Pattern.quote(pattern.strip()))
        .map(pattern -> pattern.replace(".", "\\E[.$]\\Q").replace("*", "\\E.+\\Q"))
        .anyMatch(EXTENSION::matches);
  }

  /** Tells that a JDK for tests is too old. */
  static void jdk(Plan plan, String where, String version) {
    Matcher jdk = JDK.matcher(version);
    if (jdk.matches() && Integer.parseInt(jdk.group(1)) < OLDEST_JDK) {
      plan.leave(
          where + " asks for JDK " + version + ": LeakCheck needs 17 or later where tests run");
    }
  }
}
