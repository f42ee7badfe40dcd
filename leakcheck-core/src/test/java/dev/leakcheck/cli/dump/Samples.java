package dev.leakcheck.cli.dump;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/** Thread dumps as JVMs wrote them. */
public final class Samples {

  /** All of them: of JDK 8, 11, 17, 21 and 25, of every format. */
  public static final List<String> ALL =
      List.of(
          "jdk8-jstack.txt",
          "jdk11-jstack-l.txt",
          "jdk17-idle.txt",
          "jdk17-jstack.txt",
          "jdk17-jstack-l.txt",
          "jdk17-kill3.txt",
          "jdk21.json",
          "jdk21.txt",
          "jdk25.json",
          "jdk25.txt",
          "jdk25-idle.json",
          "jdk25-mounted.txt",
          "jdk25-print-l-e.txt");

  private Samples() {}

  /** Where a sample is. */
  public static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Samples.class.getResource(name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String name) {
    try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  static Dump read(String name) {
    return read(bytes(name), false);
  }

  static Dump readText(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8), false);
  }

  static Dump read(byte[] bytes, boolean partial) {
    try {
      return DumpFile.read(new ByteArrayInputStream(bytes), "the dump", partial, Instant.EPOCH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] zipped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
