package dev.leakcheck.cli.init;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/** What JUnit reads from a module's test resources, and the file of accepted leaks they name. */
final class TestSettings {

  static final String AUTO_DETECTION = "junit.jupiter.extensions.autodetection.enabled";
  private static final String BASELINE_KEY = "leakcheck.baseline";
  private static final String BASELINE = "leakcheck-baseline.json";

  /** Whether the next line would belong to the last one. */
  private static final Pattern GOES_ON = Pattern.compile("(?s)(.*[^\\\\])?(\\\\\\\\)*\\\\(\r?\n)?");

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
    List<String> lines = new ArrayList<>();
    if (given.getProperty(AUTO_DETECTION) == null) {
      lines.add(AUTO_DETECTION + "=true");
    }
    Limits.settings(plan, plan.name(file), given);
    Path baseline = plan.root().resolve(BASELINE);
    if (given.getProperty(BASELINE_KEY) == null) {
      String path = module.relativize(baseline).toString().replace('\\', '/');
      lines.add(BASELINE_KEY + "=" + path);
      if (plan.text(baseline).isEmpty()) {
        plan.put(baseline, NOTHING_IS_ACCEPTED);
      }
    }
    if (!lines.isEmpty()) {
      String end = LineEnds.of(text);
      String gap = LineEnds.before(text) + (GOES_ON.matcher(text).matches() ? end : "");
      plan.put(file, text + gap + String.join(end, lines) + end);
    }
  }

  /** Reads what JUnit takes for a file of properties. */
  static Properties parse(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
