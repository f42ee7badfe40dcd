package dev.leakcheck.cli.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leakcheck.cli.reports.Reports;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whole files to compare with. What does not match is left in {@code target/golden}. */
final class GoldenFile {

  private GoldenFile() {}

  static String written(Format format, Reports reports) {
    StringWriter out = new StringWriter();
    try {
      format.write(reports, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  static void assertMatches(String name, String actual) {
    String expected = "";
    try (InputStream in = GoldenFile.class.getResourceAsStream(name)) {
      if (in != null) {
        expected = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
      if (!actual.equals(expected)) {
        Path file = Path.of("target", "golden", name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(actual).isEqualTo(expected);
  }
}
