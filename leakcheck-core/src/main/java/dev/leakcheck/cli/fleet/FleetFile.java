package dev.leakcheck.cli.fleet;

import dev.leakcheck.cli.base.BadInput;
import dev.leakcheck.cli.base.Unzipped;
import dev.leakcheck.model.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a fleet.
 *
 * @param path the file
 * @param origin whose it is
 */
record FleetFile(Path path, Capture.Origin origin) {

  private static final int PEEKED = 1 << 12;
  private static final Pattern ENTRY =
      Pattern.compile("\\s*\\{[^\\n]*?\"entry\"\\s*:\\s*\"(\\w+)\"");
  private static final String PARQUET = "PAR1";

  /** What captures of it are called. */
  String name() {
    return Printable.escape(path.toString());
  }

  /**
   * Where its captures come from, as its first line tells.
   *
   * @throws BadInput if it holds rows, or can't be read
   */
  Capture.Source source() {
    String start;
    try (InputStream in = Unzipped.of(Files.newInputStream(path))) {
      start = new String(in.readNBytes(PEEKED), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new BadInput(
          name() + " can't be read: " + Printable.escape(String.valueOf(e.getMessage())), e);
    }
    Matcher entry = ENTRY.matcher(start);
    String first = start.startsWith(PARQUET) ? PARQUET : entry.lookingAt() ? entry.group(1) : "";
    return switch (first) {
      case PARQUET, "capture", "group" ->
          throw new BadInput(name() + " holds rows: leakcheck fleet takes it with --rows");
      case "sample", "end" -> Capture.Source.WATCH;
      case "" -> Capture.Source.DUMP;
      default -> Capture.Source.REPORT;
    };
  }
}
