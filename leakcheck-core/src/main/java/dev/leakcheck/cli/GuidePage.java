package dev.leakcheck.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A page of the guide, each the answer to one question. Its text is {@code
 * /dev/leakcheck/guide/<id>.md}; a test fails if the folder and this list differ.
 */
enum GuidePage {
  JUNIT,
  CODE,
  YOUR_OWN_KINDS,
  AGENT,
  CONTRACTS,
  ADOPTING,
  COMMAND_LINE,
  REPORTS,
  MONITOR,
  FLEET,
  LEFT_ALONE,
  LIMITS,
  PROOF,
  COSTS,
  REAL_SUITES,
  ENVIRONMENTS,
  ARCHITECTURE,
  CONTRIBUTING,
  CHANGES,
  VERSIONS;

  /** As it is written on the command line, and as its file is named. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The page in Markdown. */
  String text() {
    String resource = "/dev/leakcheck/guide/" + id() + ".md";
    try (InputStream in = GuidePage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no page " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  /** The sentence under the page's title, written as a kind's summary is. */
  String summary() {
    String sentence = text().lines().skip(2).findFirst().orElseThrow();
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT)
        + sentence.substring(1, sentence.length() - 1);
  }
}
