package dev.leakcheck.cli.init;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Properties;

/** What JUnit reads from a module's test resources, and the file of accepted leaks they name. */
final class TestSettings {

  private static final String AUTO_DETECTION = "junit.jupiter.extensions.autodetection.enabled";
  private static final String BASELINE_KEY = "leakcheck.baseline";
  private static final String BASELINE = "leakcheck-baseline.json";

  /** As {@code leakcheck baseline} writes it when nothing is left. */
  private static final String NOTHING_IS_ACCEPTED =
      """
      {
        "leakcheckBaseline": 1,
        "leaks": []
      }
      """;

  private TestSettings() {}

  /** Adds them to a module. The baseline is one for the whole build. */
  static void add(Plan plan, Path module, String resources) {
    Path file = module.resolve(resources).resolve("junit-platform.properties");
    String text = plan.text(file).orElse("");
    Properties given = parse(text);
    StringBuilder next = new StringBuilder(text);
    if (!text.isEmpty() && !text.endsWith("\n")) {
      next.append('\n');
    }
    int before = next.length();
    String detected = given.getProperty(AUTO_DETECTION);
    if (detected == null) {
      next.append(AUTO_DETECTION).append("=true\n");
    } else if (!Boolean.parseBoolean(detected.strip())) {
      plan.leave(
          plan.name(file)
              + " switches auto-detection off: annotate test classes with @NoLeaks, or set "
              + AUTO_DETECTION
              + "=true");
    }
    Path baseline = plan.root().resolve(BASELINE);
    if (given.getProperty(BASELINE_KEY) == null) {
      String path = module.relativize(baseline).toString().replace('\\', '/');
      next.append(BASELINE_KEY).append('=').append(path).append('\n');
      if (plan.text(baseline).isEmpty()) {
        plan.put(baseline, NOTHING_IS_ACCEPTED);
      }
    }
    if (next.length() > before) {
      plan.put(file, next.toString());
    }
  }

  private static Properties parse(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
